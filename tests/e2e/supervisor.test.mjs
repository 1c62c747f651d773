// A supervisor or a container asks this of the program: sd_notify(3) with readiness, watchdog and stop, played by a
// socket of ours; and `shakehook healthcheck`.
import assert from 'node:assert/strict';
import http from 'node:http';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { cleanEnvironment, Process, program, quickFlags, run, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';

// Node speaks no datagrams over Unix sockets. Each message is printed as a line of JSON.
const listenerSource = `
import json, socket, sys
address = sys.argv[1]
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind("\\0" + address[1:] if address[0] == "@" else address)
print(json.dumps("listening"), flush=True)
while True: print(json.dumps(listener.recv(4096).decode()), flush=True)`;

async function listen(t, address) {
  const listener = new Process('python3', ['-c', listenerSource, address]);
  t.after(() => listener.end('SIGKILL'));
  await listener.says(/"listening"/);
  return { messages: () => listener.output.trim().split('\n').slice(1).map((line) => JSON.parse(line)) };
}

const beats = (manager) => manager.messages().filter((message) => message === 'WATCHDOG=1').length;

test('systemd is told when the server is ready, that it runs, and that it stops', async (t) => {
  const folder = await temporaryFolder(t);
  const address = path.join(folder, 'notify');
  const manager = await listen(t, address);
  const server = await Shakehook.start(t, { environment: { NOTIFY_SOCKET: address, WATCHDOG_USEC: '300000' } });
  await eventually(() => manager.messages().length > 0, 'the first message');
  assert.equal(manager.messages()[0], `READY=1\nSTATUS=listening at ${server.url.replace('http://', '')}`);
  await eventually(() => beats(manager) >= 5, 'the watchdog is fed');

  server.process.child.kill('SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 200));
  const before = beats(manager);
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.equal(beats(manager), before, 'a process that stands still says nothing');
  server.process.child.kill('SIGCONT');
  await eventually(() => beats(manager) > before, 'it goes on');

  assert.equal((await server.stop()).code, 0);
  assert.equal(manager.messages().at(-1), 'STOPPING=1\nSTATUS=finishing what is in flight');
});

test('it is ready when it says so, not before', async (t) => {
  const folder = await temporaryFolder(t);
  const address = `@shakehook-test-${process.pid}`;
  const manager = await listen(t, address);
  const taken = http.createServer().listen(0, '127.0.0.1');
  t.after(() => taken.close());
  await eventually(() => taken.listening, 'a port is taken');
  const refused = new Process(program, ['serve', '--listen', `127.0.0.1:${taken.address().port}`, '--database', `sqlite:${folder}/a.db`],
    { cwd: folder, env: cleanEnvironment({ NOTIFY_SOCKET: address }) });
  assert.equal((await refused.exit).code, 1);
  assert.deepEqual(manager.messages(), []);
  await Shakehook.start(t, { environment: { NOTIFY_SOCKET: address } });
  await eventually(() => manager.messages().length === 1, 'an abstract address is reached');
});

test('a watchdog of another process, and none, are not fed', async (t) => {
  const folder = await temporaryFolder(t);
  for (const extra of [{ WATCHDOG_USEC: '100000', WATCHDOG_PID: '1' }, { WATCHDOG_USEC: 'soon' }, {}]) {
    const address = path.join(folder, `notify-${Object.keys(extra).length}${extra.WATCHDOG_PID ?? ''}`);
    const manager = await listen(t, address);
    await Shakehook.start(t, { environment: { NOTIFY_SOCKET: address, ...extra } });
    await eventually(() => manager.messages().length === 1, 'ready');
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(beats(manager), 0, JSON.stringify(extra));
  }
});

test('a socket that nobody reads, or that is none, hinders nothing and is logged once', async (t) => {
  for (const address of ['/no/such/socket', 'vsock:2:1', `/${'x'.repeat(200)}`]) {
    const server = await Shakehook.start(t, { environment: { NOTIFY_SOCKET: address, WATCHDOG_USEC: '60000' } });
    await server.api.venue();
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.equal((await server.stop()).code, 0);
    assert.equal(server.process.errors.match(/cannot tell the supervisor/g)?.length, 1, server.process.errors);
  }
});

async function healthcheck(...args) {
  const asked = run('healthcheck', ...args);
  const { code } = await asked.exit;
  return { code, text: asked.output + asked.errors };
}

test('healthcheck says whether the server is ready', async (t) => {
  const server = await Shakehook.start(t, { flags: quickFlags });
  const { port } = new URL(server.url);
  for (const listening of [`127.0.0.1:${port}`, `0.0.0.0:${port}`, `localhost:${port}`]) {
    assert.deepEqual(await healthcheck('--listen', listening), { code: 0, text: 'ready\n' }, listening);
  }
  const file = path.join(server.folder, 'shakehook.toml');
  await writeFile(file, `listen = "127.0.0.1:${port}"\nretention = "7d"\n`);
  assert.equal((await healthcheck('--config', file)).code, 0);
  await server.stop();
  const gone = await healthcheck('--listen', `127.0.0.1:${port}`);
  assert.equal(gone.code, 1);
  assert.match(gone.text, /^shakehook: no server answers at 127\.0\.0\.1:\d+: Connection refused\n$/);
});

test('healthcheck of a server that is not ready, of another program, of a silent one, of no port', async (t) => {
  const answers = { 503: (socket) => socket.end('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n'), nonsense: (socket) => socket.end('220 mail ready\r\n'.repeat(1000)), silence: () => {} };
  const { createServer } = await import('node:net');
  const ask = async (answer) => {
    const server = createServer((socket) => socket.on('error', () => {}).once('data', () => answer(socket))).listen(0, '127.0.0.1');
    t.after(() => server.close());
    await eventually(() => server.listening, 'it listens');
    const began = Date.now();
    return { ...await healthcheck('--listen', `127.0.0.1:${server.address().port}`), took: Date.now() - began };
  };
  const [unready, nonsense, silence] = await Promise.all(Object.values(answers).map(ask));
  assert.deepEqual([unready.code, nonsense.code, silence.code], [1, 1, 1]);
  assert.match(unready.text, /is not ready: it answers \/readyz with 503/);
  assert.match(nonsense.text, /not HTTP|not ready/);
  assert.match(silence.text, /no server answers/);
  assert.ok(silence.took < 8_000, `${silence.took} ms`);
  assert.match((await healthcheck('--listen', '127.0.0.1:0')).text, /chooses its port itself/);
  assert.match((await healthcheck('--retention', '7d')).text, /unknown flag --retention/);
});
