// The index for searches of the real program: behind the changes, beside the database, and never wrong.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { Shakehook, run } from '../harness/shakehook.mjs';

const contacts = '/api/venues/venue123/contacts';
// More than one read of a list goes through, so that the index takes part.
const count = 12_000;

async function makeContacts(server) {
  for (let begin = 0; begin < count; begin += 1000) {
    await server.api.post(`${contacts}/batch`, Array.from({ length: 1000 }, (_, i) => ({
      id: `c${begin + i}`, first_name: i === 7 ? 'Zéphyrine' : 'Marie', last_name: `Number ${begin + i}`,
    })));
  }
}

// Ids by each list, which must agree.
async function find(server, text) {
  const q = encodeURIComponent(text);
  const lists = [`${contacts}?limit=200&q=${q}`];
  for (const sort of ['-created_at', 'name', '-name', '-updated_at', 'email']) {
    lists.push(`/api/contacts?venue_id=venue123&limit=200&sort=${sort}&q=${q}`);
  }
  const found = [];
  for (const list of lists) {
    const ids = [];
    for (let cursor = null; ;) {
      const page = await server.api.get(list + (cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''));
      ids.push(...page.data.map(({ id, data }) => id ?? data.id));
      if (!(cursor = page.next_cursor)) break;
    }
    found.push(ids.sort());
  }
  for (const ids of found) assert.deepEqual(ids, found[0], text);
  return found[0];
}

const query = (file, sql) => Number(execFileSync('sqlite3', [`file:${file}?mode=ro`, sql]).toString());
const indexOf = (server) => `${server.database}.search`;

// Until the index knows all, and the database has forgotten what was noted for it.
async function untilIndexed(server) {
  for (let i = 0; i < 600; ++i) {
    if (existsSync(indexOf(server)) &&
        query(indexOf(server), 'SELECT number FROM state') === query(server.database, 'SELECT max(number) FROM resource') &&
        query(server.database, 'SELECT count(*) FROM search_change') === 0) return;
    await sleep(100);
  }
  assert.fail('the index does not come up to date');
}

test('searches are right while the index is behind, after kill -9, and where it is missing or damaged', async (t) => {
  const server = await Shakehook.start(t);
  await server.api.venue();
  await makeContacts(server);
  const rare = Array.from({ length: count / 1000 }, (_, i) => `c${i * 1000 + 7}`).sort();
  assert.deepEqual(await find(server, 'zephyrine'), rare, 'before the index is made');
  await untilIndexed(server);
  assert.deepEqual(await find(server, 'zephyrine'), rare);
  assert.equal(statSync(indexOf(server)).mode & 0o777, 0o600);

  for (let round = 0; round < 4; ++round) {
    const [was, is] = [`c${round * 1000 + 7}`, `c${round + 500}`];
    await server.api.patch(`${contacts}/${was}`, { first_name: 'Marie' });
    await server.api.patch(`${contacts}/${is}`, { first_name: 'Zéphyrine' });
    rare[rare.indexOf(was)] = is;
    await sleep(round * 250);  // the index takes its step after half a second
    await server.kill();
    await server.restart();
    assert.deepEqual(await find(server, 'zephyrine'), rare.sort(), `round ${round}`);
  }
  await untilIndexed(server);
  assert.deepEqual(await find(server, 'zephyrine'), rare);

  await server.stop();
  rmSync(indexOf(server));
  await server.restart();
  assert.deepEqual(await find(server, 'zephyrine'), rare, 'without the index');
  await untilIndexed(server);
  assert.deepEqual(await find(server, 'zephyrine'), rare, 'made again');

  await server.stop();
  writeFileSync(indexOf(server), 'x'.repeat(100_000));
  await server.restart();
  await untilIndexed(server);
  assert.deepEqual(await find(server, 'zephyrine'), rare, 'made again where it was damaged');
});

test('after a restore searches find what the backup holds, and nothing else', async (t) => {
  const server = await Shakehook.start(t);
  await server.api.venue();
  await makeContacts(server);
  await untilIndexed(server);
  const backup = path.join(server.folder, 'backup.db');
  assert.equal((await run('backup', backup, '--database', `sqlite:${server.database}`).exit).code, 0);
  await server.api.patch(`${contacts}/c7`, { first_name: 'Marie' });
  await server.api.post(contacts, { id: 'later', first_name: 'Zéphyrine' });
  await untilIndexed(server);
  assert.equal((await find(server, 'zephyrine')).length, count / 1000);
  await server.stop();
  assert.equal((await run('restore', backup, '--force', '--database', `sqlite:${server.database}`).exit).code, 0);
  assert.ok(!existsSync(indexOf(server)), 'the index of the database that was replaced is gone');
  await server.restart();
  await server.api.post(contacts, { id: 'other', first_name: 'Zéphyrine' });
  await untilIndexed(server);
  const found = await find(server, 'zephyrine');
  assert.ok(found.includes('c7') && found.includes('other') && !found.includes('later'), found.join());
});

test('what was deleted is gone from the index and from what was noted for it', async (t) => {
  const server = await Shakehook.start(t);
  await server.api.venue();
  await server.api.contact({ id: 'gone', first_name: 'Qwxzvk', last_name: 'Jqzxwv' });
  await untilIndexed(server);
  const names = () => query(indexOf(server), 'SELECT count(*) FROM name');
  assert.equal(names(), 1);
  await server.api.delete(`${contacts}/gone`);
  await untilIndexed(server);
  assert.equal(names(), 0);
});
