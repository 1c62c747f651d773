// A crash leaves no core dump, and the memory that root can read of a running server contains no master key.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';

import { cleanEnvironment, Process, program, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';

const pattern = readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim();

// The core dumps in a folder after a process of it was killed by `signal`, with no limit to their size.
async function coresAfter(t, signal, command, ready) {
  const folder = await temporaryFolder(t);
  const process = new Process('sh', ['-c', 'ulimit -c unlimited && exec "$@"', 'sh', ...command], { cwd: folder, env: cleanEnvironment() });
  t.after(() => process.end('SIGKILL'));
  await ready(process);
  assert.equal((await process.end(signal)).signal, signal);
  return (await readdir(folder)).filter((name) => name.startsWith('core'));
}

test('a crash leaves no core dump', async (t) => {
  if (/[|/]/.test(pattern)) return t.skip(`this machine puts core dumps elsewhere (${pattern})`);
  const witness = await coresAfter(t, 'SIGSEGV', ['sh', '-c', 'echo ready; while :; do :; done'], (process) => process.says(/ready/));
  if (witness.length === 0) return t.skip('this machine makes no core dumps');
  for (const signal of ['SIGABRT', 'SIGSEGV']) {
    const cores = await coresAfter(t, signal, [program, 'serve', '--listen', '127.0.0.1:0'], (process) => process.says(/is ready/));
    assert.deepEqual(cores, [], signal);
  }
  const wanted = await coresAfter(t, 'SIGABRT', [program, 'serve', '--listen', '127.0.0.1:0', '--core-dumps'], (process) => process.says(/is ready/));
  assert.equal(wanted.length, 1, 'an engineer gets one who asks for it');
});

test('another process of the same user cannot look into its memory', async (t) => {
  const server = await Shakehook.start(t);
  const { pid } = server.process.child;
  assert.match(readFileSync(`/proc/${pid}/limits`, 'utf8'), /Max core file size +0 /);
  if (process.getuid() !== 0) {
    assert.throws(() => openSync(`/proc/${pid}/mem`, 'r'), /EACCES|EPERM/);
    return;
  }
  // As a user: what belongs to a process that cannot be dumped belongs to root.
  const folder = await temporaryFolder(t);
  execFileSync('chown', ['65534:65534', folder]);
  const owned = new Process('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', program, 'receive', '--listen', '127.0.0.1:0'],
    { cwd: folder, env: cleanEnvironment() });
  t.after(() => owned.end('SIGKILL'));
  await owned.says(/Receiving on/);
  const looks = () => execFileSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'head', '-c', '1',
    `/proc/${owned.child.pid}/environ`], { stdio: 'pipe' });
  assert.throws(looks, /Permission denied/);
});

// Returns what `gcore` would write: all writable memory except the parts that are excluded from dumps.
function memoryOf(pid) {
  const parts = [];
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  for (const region of readFileSync(`/proc/${pid}/smaps`, 'utf8').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)) {
    const [, from, to, rights] = region.match(/^([0-9a-f]+)-([0-9a-f]+) (\S+)/);
    if (!rights.startsWith('r') || /VmFlags:.* dd( |$)/m.test(region) || /\[(vvar|vsyscall)/.test(region)) continue;
    const start = BigInt(`0x${from}`);
    const bytes = Buffer.alloc(Number(BigInt(`0x${to}`) - start));
    try {
      readSync(memory, bytes, 0, bytes.length, start);
      parts.push(bytes);
    } catch (error) {
      if (!['EIO', 'EFAULT'].includes(error.code)) throw error;
    }
  }
  closeSync(memory);
  return Buffer.concat(parts);
}

test('what root can dump of a running server does not hold the master key', async (t) => {
  if (process.getuid() !== 0) return t.skip('only root may look');
  const server = await Shakehook.start(t);
  const masterKey = (await readFile(path.join(server.folder, 'master.key'), 'utf8')).trim();
  await server.api.venue();
  await server.api.webhook('https://example.com/');
  await server.restart();
  const memory = memoryOf(server.process.child.pid);
  assert.ok(memory.includes('shakehook.db'), 'nothing was read');
  for (const [name, secret] of Object.entries({
    'the master key': Buffer.from(masterKey, 'base64'), 'its file': masterKey })) {
    assert.ok(!memory.includes(secret), `${name} is in the memory`);
  }
});

test('an admin key that was given by a file is not kept', async (t) => {
  if (process.getuid() !== 0) return t.skip('only root may look');
  const folder = await temporaryFolder(t);
  const key = 'an-admin-key-of-a-file-0123456789';
  execFileSync('sh', ['-c', `umask 077 && echo ${key} > given.key`], { cwd: folder });
  const server = new Process(program, ['serve', '--listen', '127.0.0.1:0', '--admin-key-file', 'given.key'], { cwd: folder, env: cleanEnvironment() });
  t.after(() => server.end('SIGKILL'));
  await server.says(/is ready/);
  assert.ok(!memoryOf(server.child.pid).includes(key));
});
