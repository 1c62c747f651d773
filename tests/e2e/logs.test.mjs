// The log tells an operator: incidents of webhooks once each, a disk that fills up, requests where they are asked
// for; and what SIGHUP changes while the server runs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { eventually, sleep } from '../harness/eventually.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { cleanEnvironment, Process, program, quickFlags, run, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';

const count = (text, pattern) => text.match(new RegExp(pattern, 'g'))?.length ?? 0;

test('the log tells once that a webhook fails, and once that it was disabled, by whom', async (t) => {
  const server = await Shakehook.start(t, { flags: { ...quickFlags, 'max-retries': 20, 'log-format': 'json' } });
  const failing = await Receiver.start(t, { answer: 500 });
  const gone = await Receiver.start(t, { answer: 410 });
  await server.api.venue();
  const secret = 'a-token-that-nobody-else-should-see-1234567890';
  const one = await server.api.webhook(`${failing.url}/${secret}?key=${secret}`, { name: 'one "that" fails\n' .trim() });
  const two = await server.api.webhook(gone.url, { name: 'two' });
  const three = await server.api.webhook(failing.url, { name: 'three' });
  await server.api.contact({ id: 'contact-1' });
  const lines = () => server.process.errors.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  const of = (message, webhook) => lines().filter((line) => line.message.startsWith(message) && line.webhook === webhook.id);
  await eventually(() => of('a webhook is failing', one).length === 1, 'line that it fails', 30_000);
  const [line] = of('a webhook is failing', one);
  assert.equal(line.name, 'one "that" fails');
  assert.equal(line.level, 'warning');
  assert.ok(Number(line.failures_in_a_row) >= 5 && line.why === 'all_fail', JSON.stringify(line));
  assert.ok(!server.process.errors.includes(secret), 'the log has the secret of a URL');
  await eventually(() => of('a webhook was disabled', two).length === 1, 'line that it was disabled', 30_000);
  assert.match(of('a webhook was disabled', two)[0].by, /410/);
  await server.api.patch(`/api/webhooks/${three.id}`, { enabled: false });
  await eventually(() => of('a webhook was disabled', three).length === 1, 'line that a person disabled it', 30_000);
  assert.match(of('a webhook was disabled', three)[0].by, /audit log/);
  await sleep(11_000);
  assert.equal(of('a webhook is failing', one).length, 1, 'it was told twice');
  assert.equal(of('a webhook was disabled', two).length, 1, 'it was told twice');
});

test('many webhooks that fail at once are twenty lines and a number', async (t) => {
  const server = await Shakehook.start(t, { flags: { ...quickFlags, 'max-retries': 20, 'webhooks-per-scope': 1000 } });
  const receiver = await Receiver.start(t, { answer: 410, keeps: false });
  await server.api.venue();
  for (let i = 0; i < 150; ++i) await server.api.webhook(receiver.url, { name: `w${i}` });
  await server.api.contact({ id: 'contact-1' });
  await eventually(async () => (await server.api.get('/api/webhook-counts')).conditions.disabled === 150, '150 disabled', 30_000);
  const { errors } = await eventually(() => /not_told/.test(server.process.errors) && server.process, 'line of the others', 30_000);
  await sleep(6_000);
  const told = count(server.process.errors, 'a webhook was disabled');
  const rest = [...server.process.errors.matchAll(/change=disabled not_told=(\d+)/g)].reduce((sum, [, number]) => sum + Number(number), 0);
  assert.equal(told + rest, 150, errors.slice(-2000));
  assert.ok(told >= 20 && told <= 60, `${told} lines`);
});

test('a disk with little room is told once, and once more when it has room again', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'shakehook-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=300m', 'tmpfs', folder]).status === 0;
  t.after(() => {
    if (mounted) spawnSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  if (!mounted) return t.skip('may not mount');
  const server = await Shakehook.start(t, { folder });
  await eventually(() => /the disk has little room.*free_mib=2\d\d/.test(server.process.errors), 'line of the disk');
  await sleep(6_000);
  assert.equal(count(server.process.errors, 'the disk has little room'), 1);
  spawnSync('mount', ['-o', 'remount,size=2g', folder]);
  await eventually(() => /the disk has room again/.test(server.process.errors), 'line that there is room', 20_000);
  assert.ok(server.process.running);
  await server.stop();
});

test('the access log has each request, and no secret', async (t) => {
  const server = await Shakehook.start(t, { flags: { ...quickFlags, 'access-log': true } });
  const { api } = server;
  await api.venue();
  await api.contact({ id: 'contact-1', email: 'guest@example.com' });
  await api.call('GET', '/api/contacts?venue_id=venue123&q=guest-who-is-searched');
  await api.call('GET', '/api/nowhere');
  const inbox = await api.post('/api/inboxes', { name: 'try', scope: { venue_id: 'venue123' } });
  const token = new URL(inbox.url).pathname.split('/').pop();
  await fetch(`${server.url}/inbox/${token}`, { method: 'POST', body: '{}' });
  const log = () => server.process.errors;
  await eventually(() => /path=\/inbox\/\*\*\*/.test(log()), 'line of the inbox');
  assert.match(log(), /info +request method=POST path=\/api\/venues\/venue123\/contacts status=201 ms=\d+ bytes_in=\d+ bytes_out=\d+ from=127\.0\.0\.1 by=key:[0-9a-f-]{36}/);
  assert.match(log(), /method=GET path=\/api\/nowhere status=404/);
  for (const secret of [server.adminKey, token, 'guest-who-is-searched', 'guest@example.com']) assert.ok(!log().includes(secret), secret);
});

test('SIGHUP opens the log file again, and takes the level and the access log from the settings', async (t) => {
  const folder = await temporaryFolder(t);
  const settings = path.join(folder, 'shakehook.toml');
  const log = path.join(folder, 'shakehook.log');
  const rotated = `${log}.1`;
  writeFileSync(settings, 'log-level = "info"\n');
  const server = await Shakehook.start(t, { folder, flags: { config: settings, 'log-file': log } });
  const read = (file) => { try { return readFileSync(file, 'utf8'); } catch { return ''; } };
  await eventually(() => /started/.test(read(log)), 'first line');
  assert.equal(server.process.errors, '');
  assert.equal(statSync(log).mode & 0o777, 0o600);

  renameSync(log, rotated);
  await server.api.get('/api/venues');
  writeFileSync(settings, 'log-level = "info"\naccess-log = true\n');
  server.process.child.kill('SIGHUP');
  await eventually(() => /were set again/.test(read(log)), 'line in the new file');
  await server.api.get('/api/venues');
  await eventually(() => count(read(log), 'path=/api/venues ') === 1, 'line of the request');
  assert.ok(!read(rotated).includes('path=/api/venues'), 'the access log was on before');

  writeFileSync(settings, 'log-level = "error"\naccess-log = true\n');
  server.process.child.kill('SIGHUP');
  await sleep(500);
  const before = read(log);
  await server.api.get('/api/venues');
  await sleep(300);
  assert.equal(read(log), before, 'lines below the level');

  writeFileSync(settings, 'log-level = "loud"\n');
  server.process.child.kill('SIGHUP');
  await eventually(() => /the settings are not valid.*shakehook\.toml line 1: log-level/.test(read(log)), 'line of the fault');
  assert.ok(server.process.running);

  // If the file cannot be opened, the log continues where it was.
  renameSync(log, rotated);
  mkdirSync(log);
  writeFileSync(settings, '');
  server.process.child.kill('SIGHUP');
  await eventually(() => /the log file cannot be opened again.*shakehook\.log/.test(read(rotated)), 'line in the old file');
  assert.equal((await server.api.call('GET', '/readyz')).status, 200);
});

test('a log file that cannot be opened stops the start', async (t) => {
  const folder = await temporaryFolder(t);
  const server = new Process(program, ['serve', '--listen', '127.0.0.1:0', '--log-file', '/nowhere/at/all.log'],
    { cwd: folder, env: cleanEnvironment() });
  assert.deepEqual(await server.exit, { code: 1, signal: null });
  assert.match(server.errors, /cannot open the log file \/nowhere\/at\/all\.log: No such file or directory/);
});

test('`config check` says every fault with its place, and exits with 0, 1 or 2', async (t) => {
  const folder = await temporaryFolder(t);
  const check = async (flags, environment = {}) => {
    const process = new Process(program, ['config', 'check', ...flags], { cwd: folder, env: cleanEnvironment(environment) });
    const { code } = await process.exit;
    return { code, said: process.output, errors: process.errors };
  };
  writeFileSync(path.join(folder, 'good.toml'), 'retention = "7d"\nallow-target = ["10.0.0.0/8"]\n');
  assert.deepEqual(await check(['--config', 'good.toml']), { code: 0, said: 'No error in good.toml.\n', errors: '' });
  writeFileSync(path.join(folder, 'bad.toml'),
    '# settings\nretention = "soon"\n[server]\nlisten = "nowhere"\nlog_level = "info"\nadmin-key = "short"\nca-file = "absent.pem"\n');
  const bad = await check(['--config', 'bad.toml', '--threads', '0'], { SHAKEHOOK_INBOX: 'maybe' });
  assert.equal(bad.code, 1);
  for (const fault of ['bad.toml line 2: retention: "soon" is not a duration', 'bad.toml line 3: tables', 'bad.toml line 4: listen: "nowhere"',
    'bad.toml line 5: unknown key "log_level"; it is written "log-level"', 'bad.toml line 6: admin-key: ', 'SHAKEHOOK_INBOX: "maybe"',
    '--threads: "0"', 'ca-file: ']) assert.ok(bad.said.includes(fault), `${fault}\n${bad.said}`);
  assert.match(bad.said, /^8 faults\.$/m);
  assert.ok(!bad.said.includes('short'), 'it quotes a key');
  const absent = await check(['--config', 'absent.toml']);
  assert.equal(absent.code, 2);
  assert.match(absent.said, /cannot read the configuration file absent\.toml: No such file/);
  const help = new Process(program, ['config', 'check', '--help'], { env: cleanEnvironment() });
  assert.equal((await help.exit).code, 0);
  assert.match(help.output, /--retention/);
  const alone = new Process(program, ['config'], { env: cleanEnvironment() });
  assert.equal((await alone.exit).code, 1);
  assert.match(alone.errors, /shakehook config check/);
});

test('a server that listens beyond this machine in clear is warned of', async (t) => {
  const folder = await temporaryFolder(t);
  for (const [flags, warned] of [
    [['--listen', '0.0.0.0:0'], 1],
    [['--listen', '0.0.0.0:0', '--public-url', 'https://hooks.example.com'], 0],
    [['--listen', '127.0.0.1:0'], 0],
  ]) {
    const process = run('serve', ...flags, '--database', `sqlite:${folder}/shakehook.db`);
    t.after(() => process.end('SIGKILL'));
    await process.says(/is ready/);
    await process.end();
    assert.equal(count(process.errors, 'go over the network in clear'), warned, flags.join(' '));
  }
});
