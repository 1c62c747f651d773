// `shakehook backup` beside a server under load, what a start on the copy finds, and the rotation of the master key.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFile, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { Receiver, signatureOf } from '../harness/receiver.mjs';
import { cleanEnvironment, Process, program, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';

async function command(server, ...args) {
  const process = new Process(program, args, {
    cwd: server.folder, env: cleanEnvironment({ SHAKEHOOK_DATABASE: `sqlite:${server.database}` }),
  });
  const { code } = await process.exit;
  return { code, output: process.output, errors: process.errors };
}

function idsOf(receiver) {
  return receiver.payloads().map((payload) => payload.data.id);
}

test('a backup under load holds all that was answered before it, and a server goes on from it', async (t) => {
  const server = await Shakehook.start(t);
  const receiver = await Receiver.start(t);
  await server.api.venue();
  await server.api.webhook(receiver.url);
  const down = await Receiver.start(t, { answer: () => 503 });
  const owed = await server.api.webhook(down.url);

  const before = [];
  let running = true;
  let next = 0;
  const clients = Array.from({ length: 8 }, async () => {
    while (running) {
      const id = `c${next++}`;
      await server.api.contact({ id });
      before.push(id);
    }
  });
  await eventually(() => before.length > 300, '300 contacts');
  const promised = [...before];
  const backup = path.join(server.folder, 'backup.db');
  const made = await command(server, 'backup', backup);
  running = false;
  await Promise.all(clients);
  assert.equal(made.code, 0, made.errors);
  assert.match(made.output, /Backed up \S+shakehook\.db to \S+backup\.db \(\d+ bytes, checked\)/);
  assert.match(made.output, /master key is not in it.*\n?.*master\.key/);
  assert.equal(execFileSync('sqlite3', [backup, 'PRAGMA integrity_check'], { encoding: 'utf8' }).trim(), 'ok');
  assert.ok(!(await readFile(backup)).includes(owed.secret), 'a secret stands in the backup');

  // Restored as docs/operations.md says: another folder, the copy and the master key.
  await server.stop();
  const folder = await temporaryFolder(t);
  await rename(backup, path.join(folder, 'shakehook.db'));
  for (const key of ['master.key', 'admin.key']) await copyFile(path.join(server.folder, key), path.join(folder, key));
  down.answer = () => 204;
  const restored = await Shakehook.start(t, { folder });
  for (const id of promised) {
    assert.equal((await restored.api.call('GET', `/api/venues/venue123/contacts/${id}`)).status, 200, id);
  }
  await eventually(() => {
    const arrived = new Set(idsOf(down));
    return promised.every((id) => arrived.has(id));
  }, 'all that was promised at the receiver');
  // At least once: what goes out again carries the key that it had.
  const keys = new Map();
  for (const request of down.requests) {
    const id = JSON.parse(request.body).data.id;
    const key = request.headers['idempotency-key'];
    assert.equal(keys.get(id) ?? key, key, `${id} came under two keys`);
    keys.set(id, key);
  }
});

test('a backup that cannot be made says why, and leaves nothing', async (t) => {
  const server = await Shakehook.start(t);
  const existing = path.join(server.folder, 'kept.db');
  await writeFile(existing, 'precious');
  const refused = await command(server, 'backup', existing);
  assert.equal(refused.code, 1);
  assert.match(refused.errors, /^shakehook: cannot write the backup \S+kept\.db: it exists already; --force replaces it\n$/);
  assert.equal(await readFile(existing, 'utf8'), 'precious');
  assert.equal((await command(server, 'backup', '--force', existing)).code, 0);
  assert.match((await command(server, 'backup')).errors, /^shakehook: no FILE is given/);
  assert.match((await command(server, 'backup', 'a', '--database', 'sqlite:none.db')).errors, /none\.db: No such file/);
  assert.match((await command(server, 'backup', 'no/such/folder/a')).errors, /no\/such\/folder\/a: No such file/);
  assert.deepEqual((await readdir(server.folder)).filter((name) => /^a\b|kept\.db\./.test(name)), []);
});

test('the master key is rotated while the server stands still, and everything is read with the new one', async (t) => {
  const server = await Shakehook.start(t);
  const receiver = await Receiver.start(t);
  await server.api.venue();
  const { secret } = await server.api.webhook(receiver.url);
  assert.match((await command(server, 'rotate-master-key')).errors, /another shakehook is using it/);
  assert.ok(!(await readdir(server.folder)).some((name) => name.endsWith('.new')), 'a key was left for nothing');

  await server.stop();
  const keyFile = path.join(server.folder, 'master.key');
  const oldKey = await readFile(keyFile, 'utf8');
  const rotated = await command(server, 'rotate-master-key');
  assert.equal(rotated.code, 0, rotated.errors);
  assert.match(rotated.output, /encrypted with a new master key \(webhooks: 1, kept responses: 0\)/);
  assert.notEqual(await readFile(keyFile, 'utf8'), oldKey);
  const kept = rotated.output.match(/kept as (\S+):/)[1];
  assert.equal(await readFile(kept, 'utf8'), oldKey);

  await server.restart();
  await server.api.contact({ id: 'after' });
  const [request] = await receiver.received(1);
  assert.equal(request.headers['bookingshake-signature'], signatureOf(secret, request.body));
});

test('a rotation that was cut short is finished by the same command', async (t) => {
  const server = await Shakehook.start(t);
  await server.api.venue();
  await server.api.webhook('https://example.com/');
  await server.stop();
  const keyFile = path.join(server.folder, 'master.key');
  const oldKey = await readFile(keyFile, 'utf8');
  const rotated = await command(server, 'rotate-master-key');
  // As if it had ended after the transaction: the new key has its first name yet, the old one is in its place.
  await rename(keyFile, `${keyFile}.new`);
  await writeFile(keyFile, oldKey);
  await rm(rotated.output.match(/kept as (\S+):/)[1]);
  const start = new Process(program, ['serve', '--listen', '127.0.0.1:0', '--database', `sqlite:${server.database}`],
    { cwd: server.folder, env: cleanEnvironment() });
  assert.equal((await start.exit).code, 1);
  assert.match(start.errors, /not the one that this database was made with.*master\.key\.new.*rotate-master-key/);
  const finished = await command(server, 'rotate-master-key');
  assert.equal(finished.code, 0, finished.errors);
  assert.match(finished.output, /already encrypted with the new master key/);
  await server.restart();
  assert.equal((await server.api.call('GET', '/api/webhooks')).status, 200);
});

test('a rotation from a key that is not the database\'s makes nothing and changes nothing', async (t) => {
  const server = await Shakehook.start(t);
  await server.stop();
  const keyFile = path.join(server.folder, 'master.key');
  const right = await readFile(keyFile, 'utf8');
  await writeFile(keyFile, `${Buffer.alloc(32, 7).toString('base64')}\n`);
  const refused = await command(server, 'rotate-master-key');
  assert.equal(refused.code, 1);
  assert.match(refused.errors, /^shakehook: \S+master\.key is not the master key of \S+shakehook\.db\n$/);
  assert.ok(!(await readdir(server.folder)).includes('master.key.new'));
  await writeFile(keyFile, right);
  await server.restart();
});

test('a new master key in a file of its own stays there', async (t) => {
  const server = await Shakehook.start(t);
  await server.stop();
  const rotated = await command(server, 'rotate-master-key', '--new-master-key-file', 'next.key');
  assert.equal(rotated.code, 0, rotated.errors);
  assert.match(rotated.output, /--master-key-file next\.key from now on/);
  await server.restart({ flags: { ...server.flags, 'master-key-file': 'next.key' } });
});
