// The files of the database while a server runs: deleted, replaced, moved and put back; and a second server on them by
// another name.
import assert from 'node:assert/strict';
import { copyFileSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { Shakehook, run } from '../harness/shakehook.mjs';

const readiness = async (server) => (await fetch(`${server.url}/readyz`)).status;
const create = (server, id) => server.api.call('POST', '/api/venues/venue123/contacts', { id });

const damages = {
  'the database is deleted': (server) => rmSync(server.database),
  'the database is replaced by a copy': (server) => {
    copyFileSync(server.database, `${server.database}.copy`);
    renameSync(`${server.database}.copy`, server.database);
  },
  'the log is deleted': (server) => rmSync(`${server.database}-wal`),
  "the log's index is deleted": (server) => rmSync(`${server.database}-shm`),
};

for (const [what, damage] of Object.entries(damages)) {
  test(`no change is accepted once ${what}, and it is told`, async (t) => {
    const server = await Shakehook.start(t);
    await server.api.venue();
    await server.api.contact({ id: 'before' });
    assert.equal(await readiness(server), 200);
    damage(server);
    for (let i = 0; i < 5; ++i) {
      const response = await create(server, `after${i}`);
      assert.equal(response.status, 503, what);
      assert.ok(Number(response.headers.get('retry-after')) > 0);
      assert.match(response.body.detail, /Nothing was changed/);
    }
    assert.equal(await readiness(server), 503);
    assert.equal((await server.api.get('/api/venues/venue123/contacts')).data.length, 1, 'what is there can be read');
    const told = /error +the store cannot write .*shakehook\.db\S* was (replaced|moved or deleted) while the server uses it/;
    await eventually(() => told.test(server.process.errors), 'line in the log');
    if (what.startsWith('the database')) return;
    await server.restart();
    assert.deepEqual((await server.api.get('/api/venues/venue123/contacts')).data.map(({ id }) => id), ['before'], 'a stop saves the log');
    assert.equal((await create(server, 'again')).status, 201);
  });
}

test('a folder that was moved away and back is used again', async (t) => {
  const server = await Shakehook.start(t);
  await server.api.venue();
  renameSync(server.database, `${server.database}.away`);
  assert.equal((await create(server, 'away')).status, 503);
  renameSync(`${server.database}.away`, server.database);
  await eventually(async () => await readiness(server) === 200, 'readiness');
  assert.equal((await create(server, 'back')).status, 201);
  await server.restart();
  assert.deepEqual((await server.api.get('/api/venues/venue123/contacts')).data.map(({ id }) => id), ['back']);
});

const otherNames = {
  'its own name': (server) => server.database,
  'a symbolic link': (server, name) => { symlinkSync(server.database, name); return name; },
  'a hard link': (server, name) => { linkSync(server.database, name); return name; },
  'a symbolic link to its folder': (server, name) => {
    symlinkSync(server.folder, name);
    return path.join(name, 'shakehook.db');
  },
  'its own name, though the lock beside it was deleted': (server) => {
    rmSync(`${server.database}.lock`);
    return server.database;
  },
  'a hard link in another folder, though the lock beside it was deleted': (server, name) => {
    rmSync(`${server.database}.lock`);
    mkdirSync(name);
    linkSync(server.database, path.join(name, 'other.db'));
    return path.join(name, 'other.db');
  },
};

for (const [what, otherName] of Object.entries(otherNames)) {
  test(`a second server is refused by ${what}`, async (t) => {
    const server = await Shakehook.start(t);
    await server.api.venue();
    const name = otherName(server, path.join(server.folder, 'other'));
    for (const command of [['serve', '--listen', '127.0.0.1:0'], ['rotate-master-key']]) {
      const second = run(...command, '--database', `sqlite:${name}`, '--master-key-file', path.join(server.folder, 'master.key'));
      assert.equal((await second.exit).code, 1, what);
      assert.match(second.errors, /cannot open the database .*: another shakehook is using it/);
      assert.equal((await create(server, command[0])).status, 201);
    }
    assert.equal(await readiness(server), 200);
    await server.restart();
    const contacts = (await server.api.get('/api/venues/venue123/contacts')).data.map(({ id }) => id).sort();
    assert.deepEqual(contacts, ['rotate-master-key', 'serve']);
  });
}
