// A POST with an Idempotency-Key has one effect and one answer, also across a restart.
import assert from 'node:assert/strict';
import test from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { Shakehook } from '../harness/shakehook.mjs';

test('the same key gets the same answer, across a restart, and one event', async (t) => {
  const server = await Shakehook.start(t);
  const receiver = await Receiver.start(t);
  await server.api.venue();
  await server.api.webhook(receiver.url);
  const post = (body, key = 'order-77') =>
    server.api.call('POST', '/api/venues/venue123/contacts', body, { 'Idempotency-Key': key });

  const first = await post({ first_name: 'Ana' });
  assert.equal(first.status, 201);
  const second = await post({ first_name: 'Ana' });
  assert.deepEqual([second.status, second.body], [201, first.body]);
  assert.equal(second.headers.get('location'), first.headers.get('location'));
  assert.equal((await post({ first_name: 'Bea' })).status, 422);

  await server.restart();
  const third = await post({ first_name: 'Ana' });
  assert.deepEqual([third.status, third.body], [201, first.body]);
  assert.notDeepEqual((await post({ first_name: 'Ana' }, 'order-78')).body.id, first.body.id);

  await eventually(async () => (await server.api.deliveries('status=delivered')).length === 2, 'two delivered');
  assert.equal((await server.api.get('/api/venues/venue123/contacts')).data.length, 2);
  assert.equal(receiver.requests.length, 2);
});

test('the kept answer of a new webhook is not in clear on disk', async (t) => {
  const server = await Shakehook.start(t);
  await server.api.venue();
  const body = { name: 'CRM Sync', url: 'https://hooks.example.com/', events: ['contact.created'], scope: { venue_id: 'venue123' } };
  const made = await server.api.post('/api/webhooks', body, { 'Idempotency-Key': 'webhook-1' });
  assert.match(made.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  assert.deepEqual(await server.api.post('/api/webhooks', body, { 'Idempotency-Key': 'webhook-1' }), made);
  await server.stop();
  const { readdir, readFile } = await import('node:fs/promises');
  for (const name of await readdir(server.folder)) {
    const bytes = await readFile(`${server.folder}/${name}`);
    assert.equal(bytes.includes(made.secret), false, `the secret lies in ${name}`);
  }
});
