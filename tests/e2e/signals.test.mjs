// Every signal that a server may get: it ends in order, goes on, or stands still, and no delivery is sent twice for it.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { eventually, sleep } from '../harness/eventually.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { cleanEnvironment, Process, program, run, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';

const ended = { code: 0, signal: null };

// A server with a delivery under way that takes `ms`.
async function delivering(t, ms = 600) {
  const server = await Shakehook.start(t);
  const receiver = await Receiver.start(t, { answer: async () => { await sleep(ms); return 204; } });
  await server.api.venue();
  await server.api.webhook(receiver.url);
  await server.api.contact({ id: 'contact-1' });
  await eventually(() => receiver.requests.length === 1, 'the attempt');
  return { server, receiver };
}

async function wasDeliveredOnce(server, receiver) {
  receiver.answer = 204;
  await server.launch();
  const [delivery] = await server.api.deliveries();
  assert.equal(delivery.status, 'delivered');
  assert.equal(delivery.attempt_count, 1);
  assert.equal(receiver.requests.length, 1, 'it was sent twice');
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGXCPU']) {
  test(`${signal} finishes what is in flight and exits 0`, async (t) => {
    const { server, receiver } = await delivering(t);
    assert.deepEqual(await server.process.end(signal), ended);
    await wasDeliveredOnce(server, receiver);
  });
}

test('SIGHUP ends no server, and hurries none that ends', async (t) => {
  const { server, receiver } = await delivering(t);
  for (let i = 0; i < 5; ++i) server.process.child.kill('SIGHUP');
  await eventually(() => /were set again/.test(server.process.errors), 'line that it has reloaded');
  assert.equal((await server.api.call('GET', '/readyz')).status, 200);
  server.process.child.kill('SIGTERM');
  await sleep(200);
  assert.deepEqual(await server.process.end('SIGHUP'), ended);
  await wasDeliveredOnce(server, receiver);
});

test('a server whose terminal is closed ends in order', async (t) => {
  const folder = await temporaryFolder(t);
  const receiver = await Receiver.start(t, { answer: async () => { await sleep(600); return 204; } });
  // Python has the terminal; the server is the leader of its session, as a shell's job in a window is.
  const terminal = new Process('python3', ['-c', `
import os, pty, select, sys
pid, master = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])
while True:
    ready, _, _ = select.select([master, 0], [], [])
    if 0 in ready:
        break
    sys.stdout.write(os.read(master, 4096).decode()); sys.stdout.flush()
os.close(master)
_, status = os.waitpid(pid, 0)
sys.stderr.write("ended " + str(status))
sys.stderr.flush()
os._exit(0)`, program, 'serve', '--listen', '127.0.0.1:0', '--database', 'sqlite:shakehook.db', '--allow-target', '127.0.0.0/8',
    '--allow-http-targets'], { stdio: ['pipe', 'pipe', 'pipe'], cwd: folder, env: cleanEnvironment() });
  t.after(() => terminal.end('SIGKILL'));
  const [, url] = await terminal.says(/API +(http:\S+)\/api/);
  const [, key] = await terminal.says(/admin key +(shk_\S+)/);
  const call = (method, route, body) => fetch(`${url}${route}`, {
    method, body: JSON.stringify(body), headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' } });
  await call('POST', '/api/venues', { id: 'venue123', name: 'V' });
  await call('POST', '/api/webhooks', { name: 'w', url: receiver.url, events: ['contact.created'], scope: { venue_id: 'venue123' } });
  assert.equal((await call('POST', '/api/venues/venue123/contacts', { id: 'contact-1' })).status, 201);
  await eventually(() => receiver.requests.length === 1, 'the attempt');
  terminal.child.stdin.write('close\n');
  await eventually(() => terminal.errors.includes('ended'), 'the end');
  assert.match(terminal.errors, /ended 0$/);
  const server = await Shakehook.start(t, { folder });
  const [delivery] = await server.api.deliveries();
  assert.equal(delivery.status, 'delivered');
  assert.equal(receiver.requests.length, 1, 'it was sent twice');
});

test('a server that was started with nohup lives on when its terminal is closed', async (t) => {
  const folder = await temporaryFolder(t);
  const server = new Process('sh', ['-c', 'trap "" HUP QUIT; exec "$@"', 'sh', program, 'serve', '--listen', '127.0.0.1:0'],
    { cwd: folder, env: cleanEnvironment() });
  t.after(() => server.end('SIGKILL'));
  const [, url] = await server.says(/API +(http:\S+)\/api/);
  for (const signal of ['SIGHUP', 'SIGQUIT']) server.child.kill(signal);
  await sleep(200);
  assert.equal((await fetch(`${url}/readyz`)).status, 200);
  assert.deepEqual(await server.end(), ended);
});

test('signals that mean nothing to it change nothing', async (t) => {
  const { server, receiver } = await delivering(t, 300);
  const named = ['SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGVTALRM', 'SIGPROF', 'SIGIO', 'SIGPWR', 'SIGSTKFLT', 'SIGPIPE', 'SIGXFSZ', 'SIGTTIN',
    'SIGTTOU', 'SIGWINCH', 'SIGCHLD', 'SIGURG', 'SIGCONT'].map((name) => constants.signals[name]);
  const realTime = Array.from({ length: 31 }, (_, index) => 34 + index);
  for (const signal of [...named, ...realTime]) {
    assert.ok(signal > 0);
    execFileSync('kill', [`-${signal}`, `${server.process.child.pid}`]);
  }
  await eventually(async () => (await server.api.deliveries())[0].status === 'delivered', 'the delivery');
  await server.stop();
  await wasDeliveredOnce(server, receiver);
});

test('a second signal ends it at once, and pending deliveries are sent after the next start', async (t) => {
  const { server, receiver } = await delivering(t, 8_000);
  server.process.child.kill('SIGTERM');
  await sleep(400);
  const start = Date.now();
  assert.deepEqual(await server.process.end('SIGTERM'), { code: 1, signal: null });
  assert.ok(Date.now() - start < 3_000, 'it was not at once');
  receiver.answer = 204;
  await server.launch();
  await eventually(async () => (await server.api.deliveries())[0].status === 'delivered', 'the delivery');
});

test('Ctrl-C that comes from the terminal and from a program above is one', async (t) => {
  const { server, receiver } = await delivering(t);
  server.process.child.kill('SIGINT');
  server.process.child.kill('SIGINT');
  assert.deepEqual(await server.process.end('SIGTERM'), ended);
  await wasDeliveredOnce(server, receiver);
});

test('a server that was stopped and continued goes on, and ends when a signal came in between', async (t) => {
  const { server, receiver } = await delivering(t);
  const { child } = server.process;
  child.kill('SIGTSTP');
  await sleep(1_000);
  child.kill('SIGCONT');
  await eventually(async () => (await server.api.deliveries())[0].status === 'delivered', 'the delivery');
  child.kill('SIGSTOP');
  child.kill('SIGTERM');
  await sleep(100);
  child.kill('SIGCONT');
  assert.deepEqual(await server.process.exit, ended);
  server.process.asked = true;
  await wasDeliveredOnce(server, receiver);
});

// At 0 ms the program may not even be there: then the system ends it by the signal.
test('a signal in the middle of a start ends it, and the next start is as good as any', async (t) => {
  const folder = await temporaryFolder(t);
  for (let ms = 0; ms <= 120; ms += 6) {
    for (const signal of ['SIGTERM', 'SIGINT']) {
      const start = new Process(program, ['serve', '--listen', '127.0.0.1:0'], { cwd: folder, env: cleanEnvironment() });
      await sleep(ms);
      const { code, signal: by } = await start.end(signal);
      assert.ok(code === 0 || by === signal, `after ${ms} ms: ${code} ${by} ${start.errors}`);
    }
  }
  const server = await Shakehook.start(t, { folder });
  assert.equal((await server.api.call('GET', '/readyz')).status, 200);
});

test('a start that takes long ends at the first signal', async (t) => {
  const server = await Shakehook.start(t);
  await server.stop();
  // Another process has the database to itself, so that the start waits for it.
  const holder = new Process('sqlite3', [server.database], { stdio: ['pipe', 'pipe', 'pipe'] });
  t.after(() => holder.end('SIGKILL'));
  holder.child.stdin.write("PRAGMA locking_mode=EXCLUSIVE;\nBEGIN EXCLUSIVE;\nINSERT INTO venue SELECT * FROM venue;\n.print held\n");
  await holder.says(/held/);
  const start = new Process(program, ['serve', '--listen', '127.0.0.1:0', '--database', `sqlite:${server.database}`],
    { cwd: server.folder, env: cleanEnvironment() });
  await sleep(150);
  if (!start.running) return t.skip('a start does not wait for a database that is locked');
  const began = Date.now();
  const { code, signal } = await start.end('SIGTERM');
  assert.deepEqual({ code, signal }, ended, start.errors);
  assert.ok(Date.now() - began < 1_500, 'it did not end at once');
});

for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
  test(`${signal} ends a backup, and nothing is left of it`, async (t) => {
    const server = await Shakehook.start(t);
    await server.stop();
    execFileSync('sqlite3', [server.database, 'CREATE TABLE filler (bytes BLOB); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 ' +
      'FROM n WHERE i < 80) INSERT INTO filler SELECT randomblob(1000000) FROM n']);
    const backup = spawn(program, ['backup', 'copy.db', '--database', 'sqlite:shakehook.db'],
      { cwd: server.folder, env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
    let errors = '';
    backup.stderr.on('data', (text) => { errors += text; });
    const exit = new Promise((resolve) => { backup.on('close', (code, by) => resolve({ code, signal: by })); });
    await eventually(() => readdirSync(server.folder).some((name) => name.startsWith('copy.db.')), 'the unfinished copy');
    backup.kill('SIGSTOP');
    backup.kill(signal);
    backup.kill('SIGCONT');
    assert.deepEqual(await exit, { code: 1, signal: null });
    assert.match(errors, /copy\.db: stopped by a signal; nothing was left there\n$/);
    assert.deepEqual(readdirSync(server.folder).filter((name) => name.startsWith('copy.db')), []);
  });
}

for (const signal of ['SIGTERM', 'SIGHUP', 'SIGQUIT']) {
  test(`${signal} ends \`receive\``, async (t) => {
    const receive = run('receive', '--listen', '127.0.0.1:0');
    t.after(() => receive.end('SIGKILL'));
    await receive.says(/Receiving on/);
    receive.child.kill('SIGUSR1');
    assert.deepEqual(await receive.end(signal), ended);
  });
}

test('what it prints and nothing else can be interrupted as any program', async (t) => {
  const folder = await temporaryFolder(t);
  execFileSync('mkfifo', [path.join(folder, 'settings.toml')]);
  const start = new Process(program, ['serve', '--config', 'settings.toml'], { cwd: folder, env: cleanEnvironment() });
  await sleep(100);
  const { code, signal } = await start.end('SIGTERM');
  assert.ok(signal === 'SIGTERM' || code === 1, `${code} ${signal}`);
});
