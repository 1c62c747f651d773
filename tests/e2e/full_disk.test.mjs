// A disk that has no room, as far as a process can tell: its files may not grow any more. Changes are refused, what was
// accepted stays, and all goes on by itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { Shakehook } from '../harness/shakehook.mjs';

const limitFiles = (server, size) => execFileSync('prlimit', ['--pid', server.process.child.pid, `--fsize=${size}:unlimited`]);

test('a full disk refuses changes with 503, loses nothing, and is noticed when it has room again', async (t) => {
  const server = await Shakehook.start(t);
  let status = 500;
  const receiver = await Receiver.start(t, { answer: () => status });
  const ready = async () => (await fetch(`${server.url}/readyz`)).status;
  await server.api.venue();
  await server.api.webhook(receiver.url);
  await server.api.contact({ id: 'before' });
  await receiver.received(1);

  limitFiles(server, 4096);
  for (let i = 0; i < 5; ++i) {
    const refused = await server.api.call('POST', '/api/venues/venue123/contacts', { id: `refused${i}` });
    assert.equal(refused.status, 503);
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
  }
  assert.equal(await ready(), 503);
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  assert.equal((await server.api.get('/api/venues/venue123/contacts')).data.length, 1, 'what is there can be read');
  status = 204;

  limitFiles(server, 'unlimited');
  // Nobody asks it to write.
  await eventually(async () => await ready() === 200, 'readiness');
  await server.api.contact({ id: 'after' });
  await eventually(async () => {
    const deliveries = await server.api.deliveries();
    return deliveries.length === 2 && deliveries.every((delivery) => delivery.status === 'delivered');
  }, 'end of what is owed');
  assert.match(server.process.errors, /the store cannot write/);
  assert.match(server.process.errors, /the store can write again/);

  await server.restart();
  assert.deepEqual((await server.api.get('/api/venues/venue123/contacts')).data.map(({ id }) => id).sort(), ['after', 'before']);
  const accepted = receiver.requests.filter((request) => request.status === 204).map(({ body }) => JSON.parse(body).data.id);
  assert.deepEqual(accepted.sort(), ['after', 'before']);
});

test('a full disk in the middle of a flood of changes keeps each promise', async (t) => {
  const server = await Shakehook.start(t);
  const receiver = await Receiver.start(t);
  await server.api.venue();
  await server.api.webhook(receiver.url);
  const promised = [];
  let refused = 0;
  let flooding = true;
  const flood = Promise.all(Array.from({ length: 8 }, async (_, lane) => {
    for (let i = 0; flooding; ++i) {
      const id = `c${lane}-${i}`;
      const response = await server.api.call('POST', '/api/venues/venue123/contacts', { id, city: 'x'.repeat(900) });
      if (response.status === 201) promised.push(id);
      else refused += 1;
      assert.ok([201, 503].includes(response.status), JSON.stringify(response.body));
    }
  }));
  for (let round = 0; round < 3; ++round) {
    const [accepted, refusals] = [promised.length, refused];
    await eventually(() => promised.length > accepted + 100, 'changes');
    limitFiles(server, 300_000 * (round + 1));
    await eventually(() => refused > refusals + 20, 'refusals');
    limitFiles(server, 'unlimited');
  }
  flooding = false;
  await flood;
  await eventually(async () => (await server.api.get('/api/webhooks')).data[0].health.pending === 0, 'end of what is owed', 60_000);
  const arrived = new Set(receiver.payloads().map(({ data }) => data.id));
  assert.deepEqual(promised.filter((id) => !arrived.has(id)), []);
  const checked = execFileSync('sqlite3', [server.database, 'PRAGMA integrity_check']).toString();
  assert.equal(checked, 'ok\n');
});
