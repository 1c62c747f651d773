// A log that nobody reads, and standard output likewise: the server works on, and ends when it is asked to.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { eventually, sleep } from '../harness/eventually.mjs';
import { freePort } from '../harness/free_port.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { cleanEnvironment, Process, program, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';

const exitMsMax = 5_000;

// A named pipe that is full, as a shell's `| reader` is where the reader stands still. `end` is what a program writes to.
async function fullPipe(t) {
  const file = path.join(await temporaryFolder(t), 'pipe');
  execFileSync('mkfifo', [file]);
  const reader = openSync(file, constants.O_RDWR | constants.O_NONBLOCK);
  const end = openSync(file, constants.O_WRONLY);
  const filling = Buffer.alloc(4096, '.');
  let filled = 0;
  for (let full = false; !full;) {
    try {
      filled += writeSync(reader, filling);
    } catch (error) {
      assert.equal(error.code, 'EAGAIN');
      full = true;
    }
  }
  let open = true;
  const close = () => {
    if (open) [reader, end].forEach((descriptor) => closeSync(descriptor));
    open = false;
  };
  t.after(close);
  // Reads the text that was written after the filling; may be called again for more.
  let text = '';
  const read = () => {
    const bytes = Buffer.alloc(65_536);
    try {
      for (;;) {
        const count = readSync(reader, bytes);
        const skipped = Math.min(filled, count);
        filled -= skipped;
        text += bytes.subarray(skipped, count).toString();
      }
    } catch (error) {
      assert.equal(error.code, 'EAGAIN');
    }
    return text;
  };
  return { file, end, read, close };
}

// A server whose two outputs go where `stdio` says; ready when its port answers.
async function serveWith(t, stdio, { command = program, before = [] } = {}) {
  const folder = await temporaryFolder(t);
  const port = await freePort();
  const key = 'an-admin-key-of-this-test-0123456789';
  const child = spawn(command, [...before, 'serve', '--listen', `127.0.0.1:${port}`, '--database', 'sqlite:shakehook.db',
    '--allow-target', '127.0.0.0/8', '--allow-http-targets'],
  { stdio: ['ignore', ...stdio], cwd: folder, env: cleanEnvironment({ SHAKEHOOK_ADMIN_KEY: key }) });
  const exit = new Promise((resolve) => { child.on('exit', (code, signal) => resolve({ code, signal })); });
  t.after(() => child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => (await fetch(`${url}/readyz`).catch(() => ({}))).status === 200, 'readiness');
  const call = (method, route, body) => fetch(`${url}${route}`, {
    method, body: JSON.stringify(body), headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' } });
  return { child, exit, url, folder, call, database: path.join(folder, 'shakehook.db') };
}

async function endsInTime(server, signal = 'SIGTERM') {
  const start = Date.now();
  server.child.kill(signal);
  const timer = setTimeout(() => server.child.kill('SIGKILL'), exitMsMax * 2);
  const ended = await server.exit;
  clearTimeout(timer);
  assert.deepEqual(ended, { code: 0, signal: null });
  assert.ok(Date.now() - start < exitMsMax, `it took ${Date.now() - start} ms to end`);
}

// Each makes the server say something and shows that it can be used: the disk is full, then it is not.
async function complains(server, rounds = 2) {
  assert.ok([201, 409].includes((await server.call('POST', '/api/venues', { id: 'v', name: 'V' })).status));
  for (let round = 0; round < rounds; ++round) {
    const limit = (size) => execFileSync('prlimit', ['--pid', server.child.pid, `--fsize=${size}:unlimited`]);
    limit(1);
    assert.equal((await server.call('POST', '/api/venues/v/contacts', { first_name: 'a' })).status, 503);
    limit('unlimited');
    await eventually(async () => (await server.call('POST', '/api/venues/v/contacts', { first_name: 'a' })).status === 201,
      'a change that is accepted again');
  }
}

test('a server starts, works and ends though both its outputs are full pipes, and what it said comes when they are read', async (t) => {
  const output = await fullPipe(t);
  const errors = await fullPipe(t);
  const server = await serveWith(t, [output.end, errors.end]);
  await complains(server);
  await eventually(() => errors.read().includes('can write again') && output.read().includes('is ready'), 'what it said');
  await complains(server, 1);
  await endsInTime(server);
  const lines = errors.read().split('\n');
  assert.equal(lines.pop(), '');
  for (const line of lines) assert.match(line, /^\d{4}-\d\d-\d\dT[\d:.]+Z (info|warning|error) +\S/);
  assert.match(lines[0], /started/);
  assert.match(lines.at(-1), /stopped/);
});

test('a server ends though both its outputs are full pipes', async (t) => {
  const [output, errors] = [await fullPipe(t), await fullPipe(t)];
  const server = await serveWith(t, [output.end, errors.end]);
  await complains(server);
  await endsInTime(server);
  assert.ok(!/\S$/.test(errors.read()), 'half a line was left');
});

test('a server goes on where the readers of its outputs have gone', async (t) => {
  const [output, errors] = [await fullPipe(t), await fullPipe(t)];
  const server = await serveWith(t, [output.end, errors.end]);
  output.close();
  errors.close();
  await complains(server);
  await endsInTime(server);
});

test('a server goes on where its log is on a full disk', async (t) => {
  const full = openSync('/dev/full', 'w');
  t.after(() => closeSync(full));
  const server = await serveWith(t, [full, full]);
  await complains(server);
  await endsInTime(server);
});

test('a server that is started without standard output and standard error writes into no other file', async (t) => {
  const server = await serveWith(t, ['ignore', 'ignore'], { command: 'sh', before: ['-c', `exec ${program} "$@" <&- >&- 2>&-`, 'sh'] });
  await complains(server);
  for (const descriptor of [0, 1, 2]) {
    assert.equal(execFileSync('readlink', [`/proc/${server.child.pid}/fd/${descriptor}`], { encoding: 'utf8' }).trim(), '/dev/null');
  }
  await endsInTime(server);
  assert.equal(execFileSync('sqlite3', [server.database, 'PRAGMA integrity_check'], { encoding: 'utf8' }).trim(), 'ok');
});

test('the descriptors that it shares with others stay as they are', async (t) => {
  const errors = await fullPipe(t);
  const server = await serveWith(t, ['ignore', errors.end]);
  await complains(server, 1);
  const flags = parseInt(readFileSync(`/proc/${server.child.pid}/fdinfo/2`, 'utf8').match(/flags:\s+(\d+)/)[1], 8);
  assert.equal(flags & constants.O_NONBLOCK, 0);
  await endsInTime(server);
});

test('a server goes on and ends on a terminal that was stopped with Ctrl-S', async (t) => {
  // The terminal is python's: it stops the output, and never reads.
  const terminal = new Process('python3', ['-c', `
import os, pty, sys, termios
master, slave = pty.openpty()
termios.tcflow(slave, termios.TCOOFF)
print(os.ttyname(slave), flush=True)
sys.stdin.read()`], { stdio: ['pipe', 'pipe', 'pipe'] });
  t.after(() => terminal.end('SIGKILL'));
  const [name] = await terminal.says(/\/dev\/pts\/\d+/);
  const slave = openSync(name, constants.O_WRONLY | constants.O_NOCTTY);
  t.after(() => closeSync(slave));
  const server = await serveWith(t, [slave, slave]);
  await complains(server);
  await endsInTime(server);
});

test('the count of dropped lines is a metric', async (t) => {
  const server = await Shakehook.start(t);
  const response = await fetch(`${server.url}/metrics`, { headers: { Authorization: `Bearer ${server.adminKey}` } });
  assert.match(await response.text(), /^shakehook_log_lines_dropped_total 0$/m);
});

test('a delivery under way is finished though the log is full', async (t) => {
  const errors = await fullPipe(t);
  const server = await serveWith(t, ['ignore', errors.end]);
  const receiver = await Receiver.start(t, { answer: async () => { await sleep(500); return 204; } });
  await server.call('POST', '/api/venues', { id: 'v', name: 'V' });
  await server.call('POST', '/api/webhooks', { name: 'w', url: receiver.url, events: ['contact.created'], scope: { venue_id: 'v' } });
  await complains(server, 1);
  await eventually(() => receiver.requests.length > 0, 'the attempt');
  await endsInTime(server);
  assert.equal(execFileSync('sqlite3', [server.database, 'SELECT count(*) FROM ended_delivery WHERE status_code = 204'], { encoding: 'utf8' }).trim(),
    `${receiver.requests.length}`);
});

test('`receive` answers though nobody reads what it prints', async (t) => {
  const output = await fullPipe(t);
  const port = await freePort();
  const child = spawn(program, ['receive', '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', output.end, 'ignore'], env: cleanEnvironment() });
  t.after(() => child.kill('SIGKILL'));
  const exit = new Promise((resolve) => { child.on('exit', (code, signal) => resolve({ code, signal })); });
  const send = (size) => fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: JSON.stringify({ text: 'x'.repeat(size) }) });
  await eventually(async () => (await send(1).catch(() => ({}))).status === 204, 'an answer', 15_000);
  for (let i = 0; i < 20; ++i) assert.equal((await send(500_000)).status, 204);
  const rss = Number(readFileSync(`/proc/${child.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]);
  assert.ok(rss < 100_000, `${rss} KiB`);
  child.kill('SIGTERM');
  assert.deepEqual(await exit, { code: 0, signal: null });
});

test('`backup` and `rotate-master-key` do their work though nobody reads what they print', async (t) => {
  const output = await fullPipe(t);
  const server = await Shakehook.start(t);
  await server.stop();
  for (const args of [['backup', 'copy.db'], ['rotate-master-key']]) {
    const command = new Process(program, [...args, '--database', 'sqlite:shakehook.db'],
      { stdio: ['ignore', output.end, 'pipe'], cwd: server.folder, env: cleanEnvironment() });
    assert.deepEqual(await command.exit, { code: 0, signal: null }, `${args} ${command.errors}`);
  }
  await server.restart();
});
