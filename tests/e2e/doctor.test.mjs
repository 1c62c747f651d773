// `shakehook doctor` on a machine where all is well, beside a server, and where something is wrong: each finding says
// what to do.
import assert from 'node:assert/strict';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';

import { cleanEnvironment, Process, program, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';

async function doctor(folder, args = [], { environment = {}, wrapper = [] } = {}) {
  const [file, ...rest] = [...wrapper, program, 'doctor', ...args];
  const process = new Process(file, rest, { cwd: folder, env: cleanEnvironment(environment) });
  const { code } = await process.exit;
  return { code, output: process.output, errors: process.errors };
}

const subjectWidth = 18;

// The line of a subject, and the advice below it.
function finding(output, subject) {
  const lines = output.split('\n');
  const at = lines.findIndex((line) => line.slice(9, 9 + subjectWidth).trim() === subject);
  assert.notEqual(at, -1, `no ${subject} in\n${output}`);
  const advice = lines[at + 1].includes('> ') ? lines[at + 1].trim().slice(2) : '';
  return { grade: lines[at].slice(0, 9).trim(), text: lines[at], advice };
}

test('an empty folder is fit for a first start, and nothing is made in it', async (t) => {
  const folder = await temporaryFolder(t);
  const { output } = await doctor(folder, ['--listen', '127.0.0.1:0']);
  for (const subject of ['database folder', 'database', 'TLS trust', 'listening', 'program']) {
    assert.equal(finding(output, subject).grade, 'ok', output);
  }
  assert.deepEqual(await import('node:fs/promises').then((fs) => fs.readdir(folder)), []);
});

test('beside a running server it says that it runs, and disturbs nothing', async (t) => {
  const server = await Shakehook.start(t);
  await server.api.venue();
  const { output } = await doctor(server.folder, ['--database', `sqlite:${server.database}`]);
  assert.match(finding(output, 'database').text, /a server is running on it/);
  assert.equal(finding(output, 'master key').grade, 'ok', output);
  await server.api.contact({ id: 'c1' });
});

test('a key that everybody may read, a wrong one and a missing one are named with what to do', async (t) => {
  const server = await Shakehook.start(t);
  await server.stop();
  const database = ['--database', `sqlite:${server.database}`];
  const key = path.join(path.dirname(server.database), 'master.key');
  await chmod(key, 0o644);
  const open = finding((await doctor(server.folder, database)).output, 'master key');
  assert.equal(open.grade, 'warning');
  assert.equal(open.advice, `chmod 600 ${key}`);

  const other = path.join(server.folder, 'other.key');
  await writeFile(other, `${Buffer.alloc(32, 7).toString('base64')}\n`, { mode: 0o600 });
  const wrong = await doctor(server.folder, [...database, '--master-key-file', other]);
  assert.equal(wrong.code, 1);
  assert.match(finding(wrong.output, 'database').text, /BAD .*another master key/);
  assert.match(wrong.errors, /1 check has failed/);

  await rm(key);
  const missing = await doctor(server.folder, database);
  assert.equal(missing.code, 1);
  assert.match(finding(missing.output, 'master key').text, /BAD .*No such file/);
});

test('a database that is no database, and one of a newer version, are named', async (t) => {
  const server = await Shakehook.start(t);
  await server.stop();
  const database = ['--database', `sqlite:${server.database}`];
  const { execFileSync } = await import('node:child_process');
  execFileSync('sqlite3', [server.database, 'PRAGMA user_version = 100000']);
  const newer = await doctor(server.folder, database);
  assert.equal(newer.code, 1);
  assert.match(finding(newer.output, 'database').text, /newer version/);
  await writeFile(server.database, 'not a database, and longer than a header of one'.repeat(100));
  const broken = await doctor(server.folder, database);
  assert.equal(broken.code, 1);
  assert.match(finding(broken.output, 'database').advice, /shakehook restore FILE/);
});

test('a disk in memory, few descriptors, an address for everybody and a silent name server are named', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(path.join(folder, 'data'));
  const script = `mount -t tmpfs -o size=50m none ${folder}/data && printf 'nameserver 192.0.2.1\\n' > ${folder}/resolv &&
    mount --bind ${folder}/resolv /etc/resolv.conf && ulimit -n 512 && exec "$@"`;
  const { code, output } = await doctor(folder, ['--listen', '0.0.0.0:0'],
    { wrapper: ['unshare', '-mn', '--propagation', 'private', 'bash', '-c', script, 'bash'] });
  assert.equal(code, 1);
  assert.match(finding(output, 'file system').text, /BAD .*tmpfs/);
  assert.match(finding(output, 'disk space').text, /BAD .*MiB are free/);
  assert.equal(finding(output, 'open files').grade, 'warning');
  assert.equal(finding(output, 'listening').grade, 'warning');
  const names = finding(output, 'name servers');
  assert.equal(names.grade, 'BAD');
  assert.match(names.advice, /resolv\.conf/);
});

test('a proxy on another machine that nobody named is told', async (t) => {
  const folder = await temporaryFolder(t);
  const flags = ['--listen', '0.0.0.0:0', '--public-url', 'https://hooks.example.com'];
  const unnamed = finding((await doctor(folder, flags)).output, 'trusted proxies');
  assert.equal(unnamed.grade, 'warning');
  assert.match(unnamed.advice, /--trusted-proxy/);
  const named = await doctor(folder, [...flags, '--trusted-proxy', '10.0.0.5']);
  assert.equal(finding(named.output, 'trusted proxies').grade, 'ok');
});

test('a bad setting is refused as by serve', async (t) => {
  const folder = await temporaryFolder(t);
  const { code, errors } = await doctor(folder, ['--retention', 'long']);
  assert.equal(code, 1);
  assert.match(errors, /--retention/);
});
