// Invitations, resets, their e-mails, second factors, and `shakehook user reset`, with the real program.
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';

import { Browser, setUp } from '../harness/browser_session.mjs';
import { freePort } from '../harness/free_port.mjs';
import { MailServer } from '../harness/mail_server.mjs';
import { cleanEnvironment, Process, program, quickFlags, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';
import { totp } from '../harness/totp.mjs';

const password = 'correct horse battery';
const newPassword = 'battery staple horse';
const tokenOf = (url) => url.slice(url.indexOf('#') + 1);

// Runs the command; returns its exit code and what it printed.
async function reset(server, ...more) {
  const running = new Process(program, ['user', 'reset', '--database', `sqlite:${server.database}`, ...more], { env: cleanEnvironment() });
  const { code } = await running.exit;
  return { code, output: running.output, errors: running.errors };
}

const linkIn = (output) => output.match(/\S+\/invite#(operator\.\S+)/)?.[1];

async function withSecondFactor(browser) {
  const { body: { secret } } = await browser.call('POST', '/api/session/second-factor', { current_password: password });
  const { body: { recovery_codes: codes } } = await browser.call('POST', '/api/session/second-factor/confirm', { code: totp(secret) });
  assert.equal(codes.length, 10);
  return { secret, codes };
}

test('an administrator who is locked out gets in with the link of the command, while the server runs', async (t) => {
  const server = await Shakehook.start(t, { flags: quickFlags });
  const lost = await setUp(server, password);
  await withSecondFactor(lost);
  const printed = await reset(server, 'ADA@example.com', '--second-factor-off');
  assert.equal(printed.code, 0, printed.errors);
  assert.match(printed.output, /Ada \(ada@example\.com\)/);
  assert.match(printed.output, /second factor is off/);
  assert.doesNotMatch(printed.output, /No server uses/);
  const token = linkIn(printed.output);
  const browser = new Browser(server);
  const checked = await browser.call('POST', '/api/user-links/check', { token });
  assert.equal(checked.body.email, 'ada@example.com');
  assert.equal((await browser.call('POST', '/api/user-links', { token, password: newPassword })).status, 204);
  assert.equal((await browser.call('POST', '/api/user-links', { token, password: 'and once more' })).status, 422);
  assert.equal((await lost.call('GET', '/api/session')).status, 401);
  assert.equal((await browser.signIn('ada@example.com', newPassword)).status, 201);
});

test('the link of a stopped server is good once that runs again, and keeps the second factor', async (t) => {
  const server = await Shakehook.start(t, { flags: quickFlags });
  const { codes } = await withSecondFactor(await setUp(server, password));
  await server.stop();
  const printed = await reset(server, 'Ada');
  assert.equal(printed.code, 0, printed.errors);
  assert.match(printed.output, /No server uses the database/);
  await server.launch();
  const browser = new Browser(server);
  assert.equal((await browser.call('POST', '/api/user-links', { token: linkIn(printed.output), password: newPassword })).status, 204);
  const asked = await browser.signIn('ada@example.com', newPassword);
  assert.equal(asked.body.type, '/docs#problem-second-factor-needed');
  const signedIn = await browser.call('POST', '/api/session', { email: 'ada@example.com', password: newPassword, code: codes[0] });
  assert.equal(signedIn.status, 201);
});

test('an administrator switches off another second factor, and their own only with a code', async (t) => {
  const server = await Shakehook.start(t, { flags: quickFlags });
  const ada = await setUp(server, password);
  const { codes } = await withSecondFactor(ada);
  const { body: { user: { id } } } = await ada.call('GET', '/api/session');
  const refused = await ada.call('DELETE', `/api/users/${id}/second-factor`);
  assert.equal(refused.status, 403, JSON.stringify(refused.body));
  assert.match(refused.body.detail, /with your password and a code/);
  const asked = await new Browser(server).signIn('ada@example.com', password);
  assert.equal(asked.body.type, '/docs#problem-second-factor-needed');
  assert.equal((await ada.call('POST', '/api/session/second-factor/off', { current_password: password, code: '000000' })).status, 422);
  const eva = await server.api.post('/api/users', { name: 'Eva', email: 'eva@example.com', role: 'viewer', scope: {}, password });
  const other = new Browser(server);
  assert.equal((await other.signIn('eva@example.com', password)).status, 201);
  await withSecondFactor(other);
  assert.equal((await ada.call('DELETE', `/api/users/${eva.id}/second-factor`)).status, 204);
  assert.equal((await new Browser(server).signIn('eva@example.com', password)).status, 201);
  assert.equal((await ada.call('POST', '/api/session/second-factor/off', { current_password: password, code: codes[0] })).status, 204);
  assert.equal((await new Browser(server).signIn('ada@example.com', password)).status, 201);
});

test('the command says what is wrong', async (t) => {
  const server = await Shakehook.start(t, { flags: quickFlags });
  await setUp(server, password);
  for (const name of ['eva', 'max']) {
    await server.api.post('/api/users', { name: 'Twin', email: `${name}@example.com`, role: 'viewer', scope: {}, password });
  }
  for (const [args, said] of [
    [['nobody@example.com'], /there is no user nobody@example\.com/],
    [['Twin'], /2 users of that name; give the e-mail address: \S+@example\.com, \S+@example\.com/],
    [[], /no USER is given/],
    [['Ada', '--master-key-file', server.database], /holds no master key/],
  ]) {
    const { code, errors } = await reset(server, ...args);
    assert.equal(code, 1, args.join(' '));
    assert.match(errors, said);
  }
  for (const [args, said] of [
    [['user'], /user needs a command/],
    [['user', 'reset', 'Ada', '--database', 'sqlite:/nowhere/x.db'], /there is no database \/nowhere\/x\.db/],
  ]) {
    const running = new Process(program, args, { env: cleanEnvironment() });
    assert.equal((await running.exit).code, 1, args.join(' '));
    assert.match(running.errors, said);
  }
});

test('no link, secret, or recovery code can be read in the database, the log or another answer', async (t) => {
  const server = await Shakehook.start(t, { flags: { ...quickFlags, 'log-level': 'debug', 'access-log': true } });
  const ada = await setUp(server, password);
  const { secret, codes } = await withSecondFactor(ada);
  const invited = await server.api.post('/api/users', { name: 'Max', email: 'max@example.com', role: 'viewer', scope: {}, invite: true });
  const again = await server.api.post(`/api/users/${invited.id}/link`);
  const operator = linkIn((await reset(server, 'Max')).output);
  const stranger = new Browser(server);
  for (const token of [tokenOf(again.url), operator, tokenOf(invited.link.url)]) await stranger.call('POST', '/api/user-links/check', { token });
  await stranger.call('POST', '/api/session', { email: 'ada@example.com', password, code: codes[1] });
  const answers = await Promise.all(['/api/users', `/api/users/${invited.id}`, '/api/audit', '/api/session', '/api/sessions'].map(async (where) => JSON.stringify((await ada.call('GET', where)).body)));
  const bytes = Buffer.from(secret.match(/.{8}/g).map((part) => [...part].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')).join('').match(/.{8}/g).map((bits) => Number.parseInt(bits, 2)));
  await server.stop();
  const files = await Promise.all((await readdir(server.folder)).filter((name) => name.includes('.db')).map((name) => readFile(path.join(server.folder, name))));
  const said = server.process.output + server.process.errors;
  for (const hidden of [tokenOf(invited.link.url), tokenOf(again.url), operator, secret, ...codes]) {
    for (const file of files) assert.ok(!file.includes(hidden), `${hidden} in a file`);
    for (const answer of answers) assert.ok(!answer.includes(hidden), `${hidden} in ${answer}`);
    assert.ok(!said.includes(hidden), `${hidden} in the log`);
  }
  for (const file of files) assert.ok(!file.includes(bytes), 'the bytes of the second factor in a file');
});

test('an invitation outlives a kill -9, and so does its use', async (t) => {
  const server = await Shakehook.start(t, { flags: quickFlags });
  const invited = await server.api.post('/api/users', { name: 'Max', email: 'max@example.com', role: 'viewer', scope: {}, invite: true });
  await server.kill();
  await server.launch();
  const browser = new Browser(server);
  const use = () => browser.call('POST', '/api/user-links', { token: tokenOf(invited.link.url), password: newPassword });
  assert.equal((await use()).status, 204);
  await server.kill();
  await server.launch();
  assert.equal((await use()).status, 422);
  assert.equal((await browser.signIn('max@example.com', newPassword)).status, 201);
});

test('an invitation is mailed where there is a mail server; one that fails or hangs fails nothing', async (t) => {
  const mail = await MailServer.start(t, { starttls: true, user: 'me@example.com', password: 'pass' });
  const folder = await temporaryFolder(t);
  const passwordFile = path.join(folder, 'password');
  await writeFile(passwordFile, 'pass\n');
  const flags = {
    ...quickFlags, 'smtp-url': `smtp://me%40example.com@localhost:${mail.port}`, 'smtp-from': 'hooks@example.com',
    'smtp-password-file': passwordFile, 'ca-file': mail.files.ca, 'public-url': 'https://hooks.example', 'log-level': 'debug', 'access-log': true,
  };
  const server = await Shakehook.start(t, { flags, port: await freePort() });
  const invite = (name) => server.api.post('/api/users', { name, email: `${name}@example.com`, role: 'viewer', scope: {}, invite: true });
  const max = await invite('max');
  assert.deepEqual(max.link.mail, { state: 'sent', error: null });
  const [got] = await mail.received(1);
  assert.deepEqual([got.recipients, got.subject, got.defects], [['max@example.com'], 'Your invitation to Shakehook', []]);
  assert.ok(got.text.split('\n').includes(max.link.url), got.text);
  const refused = await invite('refused');
  assert.equal(refused.link.mail.state, 'failed');
  assert.match(refused.link.mail.error, /^The mail server refuses the recipient refused@example\.com: 550 /);
  mail.process.child.kill('SIGSTOP');
  const begun = Date.now();
  const late = await invite('late');
  mail.process.child.kill('SIGCONT');
  assert.equal(late.link.mail.state, 'sending');
  assert.ok(Date.now() - begun < 10_000);
  assert.equal((await mail.received(2))[1].recipients[0], 'late@example.com');
  await server.stop();
  const said = server.process.output + server.process.errors;
  for (const { link } of [max, refused, late]) assert.ok(!said.includes(tokenOf(link.url)), 'a token in the log');
});
