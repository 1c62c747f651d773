// `shakehook restore`: a backup in the database's place, beside what a dead server left.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { Shakehook, run } from '../harness/shakehook.mjs';

async function restore(server, file, ...flags) {
  const process = run('restore', file, '--database', `sqlite:${server.database}`, ...flags);
  const { code } = await process.exit;
  return { code, output: process.output, errors: process.errors };
}

async function backUp(server) {
  const file = path.join(server.folder, 'backup.db');
  const made = run('backup', file, '--database', `sqlite:${server.database}`);
  assert.deepEqual(await made.exit, { code: 0, signal: null }, made.errors);
  return file;
}

const makeKey = (server, name) => server.api.post('/api/api-keys', { name, scope: {} });
const statusWith = async (server, key) => (await fetch(`${server.url}/api/venues`, { headers: { Authorization: `Bearer ${key}` } })).status;
const ids = async (server) => (await server.api.get('/api/venues/venue123/contacts')).data.map(({ id }) => id).sort();

test('a backup is restored beside the log of a server that was killed; what comes back is said', async (t) => {
  const server = await Shakehook.start(t);
  await server.api.venue();
  await server.api.contact({ id: 'before' });
  const revoked = await makeKey(server, 'Revoked later');
  const backup = await backUp(server);
  await server.api.contact({ id: 'after' });
  await server.api.delete(`/api/api-keys/${revoked.id}`);
  const made = await makeKey(server, 'Made later');
  await server.kill();
  assert.ok(statSync(`${server.database}-wal`).size > 0, 'the dead server left a log');

  const refused = await restore(server, backup);
  assert.equal(refused.code, 1);
  assert.match(refused.errors, /it exists already; --force replaces it/);

  const restored = await restore(server, backup, '--force');
  assert.equal(restored.code, 0, restored.errors);
  assert.match(restored.output, /deleted after the backup and work again \(1\):\n {2}Revoked later \(/);
  assert.match(restored.output, /made after the backup and are gone \(1\):\n {2}Made later \(/);
  const [, kept] = restored.output.match(/The old database is kept: (\S+)/);
  assert.ok(!existsSync(`${server.database}-wal`) && !existsSync(`${server.database}-shm`));
  assert.equal(statSync(server.database).mode & 0o777, 0o600);

  await server.restart();
  assert.deepEqual(await ids(server), ['before']);
  assert.equal(await statusWith(server, revoked.key), 200);
  assert.equal(await statusWith(server, made.key), 401);
  const inKept = execFileSync('sqlite3', [kept, "SELECT id FROM resource ORDER BY id; PRAGMA integrity_check"]).toString();
  assert.equal(inKept, 'after\nbefore\nok\n', 'what was there is whole, with its log');
});

test('a restore is refused while a server runs, and leaves everything as it is', async (t) => {
  const server = await Shakehook.start(t);
  await server.api.venue();
  const backup = await backUp(server);
  await server.api.contact({ id: 'after' });
  const refused = await restore(server, backup, '--force');
  assert.equal(refused.code, 1);
  assert.match(refused.errors, /another shakehook is using it; a restore needs the server to be stopped/);
  await server.restart();
  assert.deepEqual(await ids(server), ['after']);
});

test('what is no whole backup of this program is refused, and nothing changes', async (t) => {
  const server = await Shakehook.start(t);
  await server.api.venue();
  for (let i = 0; i < 50; ++i) await server.api.contact({ id: `c${i}`, city: 'x'.repeat(900) });
  const backup = await backUp(server);
  await server.stop();
  const file = (name) => path.join(server.folder, name);
  const bytes = readFileSync(backup);
  writeFileSync(file('text.db'), 'no database at all, though it is long enough to be read as one'.repeat(40));
  writeFileSync(file('half.db'), bytes.subarray(0, bytes.length / 2));
  const damaged = Buffer.from(bytes);
  for (let page = 4; page * 4096 < damaged.length; ++page) damaged.fill(0xee, page * 4096, page * 4096 + 200);
  writeFileSync(file('damaged.db'), damaged);
  writeFileSync(file('empty.db'), '');
  execFileSync('sqlite3', [file('other.db'), 'CREATE TABLE t (n)']);
  writeFileSync(file('newer.db'), bytes);
  execFileSync('sqlite3', [file('newer.db'), 'PRAGMA user_version = 9999']);
  const before = readFileSync(server.database);
  const files = readdirSync(server.folder).sort();
  for (const name of ['text.db', 'half.db', 'damaged.db', 'empty.db', 'other.db', 'newer.db', 'missing.db', 'shakehook.db']) {
    const refused = await restore(server, file(name), '--force');
    assert.equal(refused.code, 1, name);
    assert.match(refused.errors, new RegExp(`^shakehook: cannot restore \\S+${name}: .+\\n$`), name);
    assert.deepEqual(readFileSync(server.database), before, name);
    assert.deepEqual(readdirSync(server.folder).sort(), files, name);
  }
});

test('a log that is left where no database is never meets the restored one', async (t) => {
  const server = await Shakehook.start(t);
  await server.api.venue();
  await server.api.contact({ id: 'before' });
  const backup = await backUp(server);
  await server.api.contact({ id: 'after' });
  await server.kill();
  rmSync(server.database);
  const restored = await restore(server, backup);
  assert.equal(restored.code, 0, restored.errors);
  assert.match(restored.output, /Valid now, from the backup: 1 API keys/);
  await server.restart();
  assert.deepEqual(await ids(server), ['before']);
});
