// Notices by e-mail, to a real mail server, and to some that are none.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import test from 'node:test';

import { Browser } from '../harness/browser_session.mjs';
import { eventually } from '../harness/eventually.mjs';
import { freePort } from '../harness/free_port.mjs';
import { MailServer } from '../harness/mail_server.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { quickFlags, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';

const login = { user: 'me@example.com', password: 'pass wörd' };
const scope = { venue_id: 'venue123' };
const publicUrl = 'https://hooks.example';

// A server with this mail server; `ca`: a file with the authority that it trusts.
async function start(t, { url, ca, password }) {
  const folder = await temporaryFolder(t);
  const flags = { ...quickFlags, 'smtp-url': url, 'smtp-from': 'hooks@example.com', 'public-url': publicUrl };
  if (ca) flags['ca-file'] = ca;
  if (password !== undefined) {
    flags['smtp-password-file'] = path.join(folder, 'password');
    writeFileSync(flags['smtp-password-file'], `${password}\n`);
  }
  const server = await Shakehook.start(t, { flags, port: await freePort() });
  await server.api.venue();
  // The operator's, whose recipients need not confirm.
  const channel = (recipients, more) =>
    server.api.post('/api/notice-channels', { name: 'Ops', kind: 'email', recipients, scope: {}, after_minutes: 0, ...more });
  // Presses the test button, and gives the notice once it has a result.
  const tested = async (made, msMax) => {
    await server.api.post(`/api/notice-channels/${made.id}/test`);
    return eventually(async () => {
      const { data } = await server.api.get(`/api/notice-channels/${made.id}/notices`);
      const notice = data.find(({ event }) => event === 'channel.test');
      return notice.state === 'waiting' ? undefined : notice;
    }, 'the test has a result', msMax);
  };
  return { server, api: server.api, channel, tested };
}

const startTo = async (t, options, given = {}) => {
  const mail = await MailServer.start(t, { ...login, ...options });
  const scheme = options.starttls ? 'smtp' : 'smtps';
  const user = encodeURIComponent(login.user);
  const url = `${scheme}://${user}@localhost:${mail.port}`;
  return { mail, ...await start(t, { url, ca: mail.files.ca, password: login.password, ...given }) };
};

// The token of the link with which a recipient confirms.
const tokenIn = ({ text }) => text.match(new RegExp(`^${publicUrl}/confirm#(\\S+)$`, 'm'))[1];

// A mail server by hand: it says what `talk` gives for each line; the greeting is for "".
async function oddServer(t, talk) {
  const heard = [];
  const sockets = new Set();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    const say = (line) => { const answer = talk(line); if (answer) socket.write(answer); };
    say('');
    socket.on('data', (bytes) => { for (const line of String(bytes).split('\r\n').slice(0, -1)) { heard.push(line); say(line); } });
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  t.after(() => { for (const socket of sockets) socket.destroy(); server.close(); });
  return { heard, url: `smtp://me@localhost:${server.address().port}` };
}

test('by STARTTLS, logged in by PLAIN, in a form that every program reads', async (t) => {
  const { mail, channel, tested } = await startTo(t, { starttls: true });
  const made = await channel(['ops@example.com', 'second@example.org']);
  assert.equal(made.url, null);
  const notice = await tested(made, 20_000);
  assert.deepEqual([notice.state, notice.error], ['sent', null]);
  const [got] = await mail.received(1);
  assert.deepEqual(got.recipients, ['ops@example.com', 'second@example.org']);
  assert.deepEqual([got.sender, got.starttls, got.user], ['hooks@example.com', true, login.user]);
  assert.equal(got.subject, 'A test of this channel');
  assert.deepEqual(got.defects, []);
  assert.equal(got.headers.From, 'Shakehook <hooks@example.com>');
  assert.equal(got.headers.To, 'ops@example.com, second@example.org');
  assert.equal(got.headers['Auto-Submitted'], 'auto-generated');
  assert.match(got.headers['Message-ID'], /^<[0-9a-f-]{36}@example\.com>$/);
  assert.ok(Math.abs(Date.parse(got.headers.Date) - Date.now()) < 60_000);
  assert.match(got.text, /^Somebody pressed the test button\.[^]*channel “Ops” has your address\.\n$/);
  for (const line of got.raw.split('\r\n')) assert.ok(line.length <= 78 && /^[\x20-\x7e]*$/.test(line), line);
});

test('by TLS, logged in by LOGIN, in French: a webhook fails', async (t) => {
  const { mail, api, channel } = await startTo(t, { mechanisms: ['LOGIN'] });
  const endpoint = await Receiver.start(t, { answer: 500 });
  await api.webhook(endpoint.url, { name: 'Réservations\r\nBcc: victim@example.com' });
  await channel(['ops@example.com'], { language: 'fr' });
  for (let i = 0; i < 8; ++i) await api.contact({ id: `contact-${i}` });
  const [got] = await mail.received(1, 60_000);
  assert.equal(got.user, login.user);
  assert.equal(got.subject, 'Réservations  Bcc: victim@example.com est en échec');
  assert.deepEqual(got.recipients, ['ops@example.com']);
  assert.ok(!('Bcc' in got.headers));
  assert.match(got.text, /^Depuis le \d{4}-\d\d-\d\d \d\d:\d\d UTC\. \d+ changements attendent\. Cause : /);
});

test('a wrong password is told in plain words, once, and stays secret', async (t) => {
  const { mail, server, channel, tested } = await startTo(t, { starttls: true }, { password: 'wr0ngpassw0rd' });
  const made = await channel(['ops@example.com']);
  const notice = await tested(made, 20_000);
  assert.equal(notice.state, 'failed');
  assert.match(notice.error, /^The mail server refuses this server's login: 535 /);
  assert.equal(notice.error_code, 'mail_login_refused');
  assert.match(notice.error_params.reply, /^535 /);
  const again = await tested(made, 20_000);
  assert.deepEqual([again.error, again.error_code, again.error_params], [notice.error, notice.error_code, notice.error_params]);
  assert.equal(mail.process.output.match(/login refused/g).length, 1, 'no further login is tried for some minutes');
  assert.deepEqual(mail.mails(), []);
  assert.ok(!`${server.process.output}${server.process.errors}${JSON.stringify(notice)}`.includes('wr0ngpassw0rd'));
});

test('who is refused is named; the others get it', async (t) => {
  const { mail, channel, tested } = await startTo(t, { starttls: true });
  const some = await tested(await channel(['refused@example.com', 'ops@example.com']), 20_000);
  assert.deepEqual([some.state, some.error, some.error_code], ['sent', 'Refused: refused@example.com: 550 5.1.1 No such user', 'some_recipients_refused']);
  assert.deepEqual((await mail.received(1))[0].recipients, ['ops@example.com']);
  const none = await tested(await channel(['refused@example.com']), 20_000);
  assert.deepEqual([none.state, none.error, none.error_code],
    ['failed', 'The mail server refuses the recipient refused@example.com: 550 5.1.1 No such user', 'recipients_refused']);
});

test('a certificate that is not trusted, or of another host, ends it before anything is said', async (t) => {
  const mail = await MailServer.start(t, { ...login, names: 'DNS:elsewhere.example' });
  const url = `smtps://me@localhost:${mail.port}`;
  for (const ca of [undefined, mail.files.ca]) {
    const { channel, tested } = await start(t, { url, ca, password: login.password });
    const notice = await tested(await channel(['ops@example.com']), 20_000);
    assert.equal(notice.state, 'failed');
    assert.match(notice.error, /^The mail server: .*certificate/i);
    assert.equal(notice.error_code, 'mail_server_tls');
  }
});

test('without TLS nothing is said, not even by a server that puts words before it', async (t) => {
  const plain = await oddServer(t, (line) => (line === '' ? '220 hello\r\n' : '250-mail\r\n250 AUTH PLAIN\r\n'));
  const early = await oddServer(t, (line) => {
    if (line === '') return '220 hello\r\n';
    return line === 'STARTTLS' ? '220 go\r\n250 AUTH PLAIN\r\n' : '250-mail\r\n250 STARTTLS\r\n';
  });
  for (const [{ url, heard }, error] of [
    [plain, 'The mail server offers no TLS (STARTTLS); nothing was sent without it.'],
    [early, 'The mail server sent more than it may before TLS; nothing was sent.'],
  ]) {
    const { channel, tested } = await start(t, { url, password: login.password });
    const notice = await tested(await channel(['ops@example.com']), 20_000);
    assert.deepEqual([notice.state, notice.error], ['failed', error]);
    assert.ok(!heard.some((line) => /^(AUTH|MAIL|RCPT)/.test(line)), heard.join('\n'));
  }
});

test('a server that is silent, endless, another protocol or gone is told as that', async (t) => {
  const silent = await oddServer(t, () => undefined);
  const endless = await oddServer(t, (line) => (line === '' ? '220-more\r\n'.repeat(10_000) : undefined));
  const other = await oddServer(t, () => 'HTTP/1.1 400 Bad Request\r\n\r\n');
  for (const [url, error] of [
    [silent.url, /^The mail server did not answer in time\.$/],
    [endless.url, /does not speak SMTP/],
    [other.url, /does not speak SMTP/],
    ['smtp://me@127.0.0.1:1', /^Nothing listens on the mail server's port 1 /],
  ]) {
    const { channel, tested } = await start(t, { url, password: login.password });
    const notice = await tested(await channel(['ops@example.com']), 60_000);
    assert.equal(notice.state, 'failed');
    assert.match(notice.error, error);
  }
});

test('a venue cannot send more than its share', async (t) => {
  const { mail, server, channel, tested } = await startTo(t, { starttls: true });
  const made = await channel(Array.from({ length: 10 }, (_, i) => `ops${i}@example.com`), { scope });
  const stranger = new Browser(server);
  for (const asked of await mail.received(10)) {
    assert.equal((await stranger.call('POST', '/api/notice-recipients', { token: tokenIn(asked) })).status, 204);
  }
  for (let i = 0; i < 10; ++i) assert.equal((await tested(made, 20_000)).state, 'sent');
  const notice = await tested(made, 20_000);
  assert.deepEqual([notice.state, notice.error], ['failed', 'Its venue or group has used up its e-mails for this hour.']);
  assert.equal(mail.mails().length, 20);
});

test('a recipient of a venue is sent nothing but a link before they confirm', async (t) => {
  const { mail, server, api, channel, tested } = await startTo(t, { starttls: true });
  const endpoint = await Receiver.start(t, { answer: 500 });
  await api.webhook(endpoint.url, { name: 'Bookings' });
  const made = await channel(['ops@example.com', 'second@example.org'], { scope, language: 'fr' });
  const asked = await mail.received(2);
  assert.deepEqual(asked.map(({ subject }) => subject), Array(2).fill('Confirmez votre adresse pour les avis de Shakehook'));
  assert.deepEqual(asked.map(({ recipients }) => recipients[0]).sort(), made.unconfirmed);
  for (let i = 0; i < 8; ++i) await api.contact({ id: `contact-${i}` });
  const token = tokenIn(asked.find(({ recipients }) => recipients[0] === 'ops@example.com'));
  const stranger = new Browser(server);
  assert.equal((await stranger.call('POST', '/api/notice-recipients/check', { token })).body.recipient, 'ops@example.com');
  await assert.rejects(tested(made), /No recipient of the channel has confirmed/);
  assert.equal((await stranger.call('POST', '/api/notice-recipients', { token })).status, 204);
  assert.deepEqual((await api.get(`/api/notice-channels/${made.id}`)).unconfirmed, ['second@example.org']);
  assert.equal((await tested(made, 20_000)).state, 'sent');
  const told = (await mail.received(3)).slice(2);
  for (const { recipients } of told) assert.deepEqual(recipients, ['ops@example.com']);
  const again = await api.post(`/api/notice-channels/${made.id}/confirmations`, { recipient: 'second@example.org' });
  assert.deepEqual(again.mail, { state: 'sent', error: null });
  await server.stop();
  const said = server.process.output + server.process.errors;
  for (const message of asked) assert.ok(!said.includes(tokenIn(message)), 'a token in the log');
});

test('a server without a mail server says so where a channel is made', async (t) => {
  const { api } = await Shakehook.start(t);
  await api.venue();
  const body = { name: 'Ops', kind: 'email', recipients: ['a@b.example'], scope };
  await assert.rejects(api.post('/api/notice-channels', body), /no mail server to send with/);
});
