// How the program starts, refuses to start, and ends.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import test from 'node:test';

import { eventually, sleep } from '../harness/eventually.mjs';
import { Receiver, signatureOf } from '../harness/receiver.mjs';
import { cleanEnvironment, Process, program, quickFlags, run, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';

// A start that must fail with exit code 1, and with one line on standard error that matches and nothing else.
async function refuses(process, pattern) {
  const { code } = await process.exit;
  assert.equal(process.errors.split('\n').length, 2, `one line: ${process.errors}`);
  assert.match(process.errors, pattern);
  assert.match(process.errors, /^shakehook: /);
  assert.equal(process.output, '');
  assert.equal(code, 1);
}

function serve(folder, ...flags) {
  return new Process(program, ['serve', '--listen', '127.0.0.1:0', ...flags], { cwd: folder, env: cleanEnvironment() });
}

test('what is wrong with a start is one line', async (t) => {
  const folder = await temporaryFolder(t);
  await refuses(serve(folder, '--no-such-flag'), /--no-such-flag/);
  await refuses(serve(folder, '--retry-base', 'soon'), /--retry-base.*soon/);
  await refuses(serve(folder, '--max-retries', '-1'), /--max-retries.*-1/);
  await refuses(serve(folder, '--allow-target', '10.0.0.0/99'), /--allow-target.*10\.0\.0\.0\/99/);
  await refuses(serve(folder, '--log-level', 'loud'), /--log-level.*loud/);
  await refuses(serve(folder, '--threads=2', '--threads=3'), /--threads.*twice/);
  await refuses(serve(folder, 'more'), /more/);
  await refuses(serve(folder, '--admin-key', 'letmein'), /--admin-key(?!.*letmein)/);
  await refuses(serve(folder, '--ca-file', 'nowhere.pem'), /nowhere\.pem/);
  await refuses(serve(folder, '--database', 'mysql://x'), /--database/);
  await refuses(serve(folder, '--config', 'nowhere.toml'), /nowhere\.toml/);
  await writeFile(path.join(folder, 'bad.toml'), 'no-such-key = 1\n');
  await refuses(serve(folder, '--config', 'bad.toml'), /bad\.toml.*no-such-key/);
  await refuses(run('swerve'), /swerve/);
  await refuses(
    new Process(program, ['serve'], { cwd: folder, env: cleanEnvironment({ SHAKEHOOK_THREADS: 'many' }) }),
    /SHAKEHOOK_THREADS.*many/);
});

test('a port in use, and a database in use', async (t) => {
  const server = await Shakehook.start(t);
  const { port } = new URL(server.url);
  const folder = await temporaryFolder(t);
  await refuses(
    new Process(program, ['serve', '--listen', `127.0.0.1:${port}`], { cwd: folder, env: cleanEnvironment() }),
    new RegExp(`127\\.0\\.0\\.1:${port}`));
  await refuses(serve(folder, '--database', `sqlite:${server.database}`), /shakehook\.db.*another shakehook/);
  assert.equal((await server.api.call('GET', '/readyz')).status, 200);
});

test('a database that is not one of ours is refused, named, and left as it is', async (t) => {
  const server = await Shakehook.start(t);
  await server.stop();
  const at = (name) => path.join(server.folder, name);
  await writeFile(at('text.db'), 'This is no database, but a text of some length.\n'.repeat(100));
  execFileSync('sqlite3', [at('theirs.db'), 'CREATE TABLE song (title TEXT)']);
  execFileSync('sqlite3', [server.database, 'PRAGMA user_version = 99']);
  for (const [name, pattern] of [
    ['text.db', /text\.db: .*not a database/], ['theirs.db', /theirs\.db: .*another program/],
    ['shakehook.db', /shakehook\.db: .*newer shakehook/],
  ]) {
    const before = await readFile(at(name));
    await refuses(serve(server.folder, '--database', `sqlite:./${name}`), pattern);
    assert.deepEqual(await readFile(at(name)), before, name);
  }
});

test('SIGTERM finishes what is in flight and exits 0', async (t) => {
  const server = await Shakehook.start(t);
  const receiver = await Receiver.start(t, { answer: async () => { await sleep(600); return 204; } });
  await server.api.venue();
  await server.api.webhook(receiver.url);
  await server.api.contact({ id: 'contact-1' });
  await eventually(() => receiver.requests.length === 1, 'the attempt');
  const { port } = new URL(server.url);
  const stopped = server.stop();
  await eventually(() => new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1').on('connect', () => { socket.destroy(); resolve(false); })
      .on('error', () => resolve(true));
  }), 'refused connection');
  assert.deepEqual(await stopped, { code: 0, signal: null });
  receiver.answer = 204;
  await server.launch();
  const [delivery] = await server.api.deliveries();
  assert.equal(delivery.status, 'delivered');
  assert.equal(delivery.attempt_count, 1);
  assert.equal(receiver.requests.length, 1);
});

test('SIGINT ends it too', async (t) => {
  const server = await Shakehook.start(t);
  assert.deepEqual(await server.process.end('SIGINT'), { code: 0, signal: null });
});

test('what holds secrets is for its owner alone', async (t) => {
  const server = await Shakehook.start(t);
  for (const name of ['admin.key', 'master.key', 'shakehook.db']) {
    assert.equal((await stat(path.join(server.folder, name))).mode & 0o777, 0o600, name);
  }
  assert.ok(server.process.output.includes(server.adminKey), 'shown on the first start');
  await server.restart();
  assert.equal(server.process.output.includes(server.adminKey), false, 'and never again');
  assert.equal((await readFile(path.join(server.folder, 'master.key'), 'utf8')).trim().length, 44);
});

test('a database without its master key does not start', async (t) => {
  const server = await Shakehook.start(t);
  await server.stop();
  await writeFile(path.join(server.folder, 'moved.key'), await readFile(path.join(server.folder, 'master.key')));
  execFileSync('rm', [path.join(server.folder, 'master.key')]);
  await refuses(serve(server.folder, '--database', `sqlite:${server.database}`), /master\.key/);
  await chmod(path.join(server.folder, 'moved.key'), 0o600);
  await server.restart({ flags: { ...quickFlags, 'master-key-file': path.join(server.folder, 'moved.key') } });
  assert.equal((await server.api.call('GET', '/readyz')).status, 200);
});

test('settings come from flags, the environment and a file, in that order', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(path.join(folder, 'shakehook.toml'),
    'listen = "127.0.0.1:1"\nadmin-key = "a-key-of-the-file-0123456789abcdef"\nallow-target = ["127.0.0.0/8"]\n');
  const process = new Process(program, ['serve', '--config', 'shakehook.toml', '--listen', '127.0.0.1:0'], {
    cwd: folder, env: cleanEnvironment({ SHAKEHOOK_ADMIN_KEY: 'a-key-of-the-environment-0123456789' }),
  });
  t.after(() => process.end('SIGKILL'));
  const [, url] = await process.says(/API +(http:\S+)\/api/);
  const status = async (key) =>
    (await fetch(`${url}/api/venues`, { headers: { Authorization: `Bearer ${key}` } })).status;
  assert.equal(await status('a-key-of-the-environment-0123456789'), 200);
  assert.equal(await status('a-key-of-the-file-0123456789abcdef'), 401);
  assert.equal(process.output.includes('a-key-of-the-environment'), false);
});

test('shakehook --version names version, commit and SQLite, --help the settings', async () => {
  const version = run('--version');
  assert.deepEqual(await version.exit, { code: 0, signal: null });
  assert.match(version.output, /^shakehook \d+\.\d+\.\d+ \(\S.*, SQLite 3\.\d+\.\d+\)\n$/);
  const help = run('serve', '--help');
  assert.deepEqual(await help.exit, { code: 0, signal: null });
  for (const flag of ['--listen', '--database', '--allow-target', '--retention', '--retry-base', '--log-format']) {
    assert.ok(help.output.includes(flag), flag);
  }
});

test('shakehook receive shows what comes and whether it is signed right', async (t) => {
  const secret = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
  const receive = run('receive', '--listen', '127.0.0.1:0', '--secret', secret, '--status', '202');
  t.after(() => receive.end('SIGKILL'));
  const [, url] = await receive.says(/(http:\/\/127\.0\.0\.1:\d+\/)/);
  const body = JSON.stringify({ event: 'contact.created', data: { id: 'contact-1' } });
  const send = (signature) => fetch(url, { method: 'POST', body, headers: { 'Bookingshake-Signature': signature } });
  assert.equal((await send(signatureOf(secret, body))).status, 202);
  await receive.says(/#1 contact\.created .*signature valid/);
  await send(signatureOf('whsec_another', body));
  await receive.says(/#2 .*signature WRONG/);
  assert.deepEqual(await receive.end('SIGINT'), { code: 0, signal: null });
});
