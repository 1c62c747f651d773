// State beside the deliveries survives kill -9, each time sent in the moment in which the API has answered: people's
// sessions, pending deliveries of a disabled webhook, the strict order, overlaps of secrets, answers kept for a
// repeated POST, and jobs that a person started.
import assert from 'node:assert/strict';
import test from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { Receiver, signatureOf } from '../harness/receiver.mjs';
import { Shakehook } from '../harness/shakehook.mjs';

async function killAndStart(server) {
  await server.kill();
  await server.launch();
}

// A server that stands before a webhook's every event, and a receiver whose answer is `mood.status`.
async function world(t, webhookSettings = {}) {
  const server = await Shakehook.start(t);
  const mood = { status: 204 };
  const receiver = await Receiver.start(t, { answer: () => mood.status });
  await server.api.venue();
  const webhook = await server.api.webhook(receiver.url, webhookSettings);
  const owed = () => server.api.get(`/api/webhooks/${webhook.id}`).then(({ health }) => health.pending);
  return { server, mood, receiver, webhook, path: `/api/webhooks/${webhook.id}`, owed };
}

// Each request of a resource as {timestamp, status}, in the order in which they came.
const tried = (receiver) => receiver.requests.map(({ body, status }) => ({ timestamp: JSON.parse(body).timestamp, status }));
const allDelivered = (receiver, count, msMax) => eventually(
  () => receiver.requests.filter(({ status }) => status === 204).length >= count, `${count} delivered`, msMax);

test('a session goes on, and one that was ended stays so', async (t) => {
  const server = await Shakehook.start(t);
  const [, token] = await server.process.says(/\/setup\?token=(\S+)/);
  const password = 'correct horse battery';
  const open = async (path, body) => {
    const response = await fetch(server.url + path, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
    });
    assert.equal(response.status, 201);
    const { csrf_token: csrf } = await response.json();
    return { Cookie: response.headers.get('set-cookie').split(';')[0], 'X-CSRF-Token': csrf };
  };
  const stays = await open('/api/setup', { token, name: 'Ada', email: 'ada@example.com', password });
  await killAndStart(server);
  const ends = await open('/api/session', { email: 'ada@example.com', password });
  await killAndStart(server);
  // Each start has another port, and the cookie's name carries it.
  const here = (headers) => ({ ...headers, Cookie: headers.Cookie.replace(/_\d+=/, `_${new URL(server.url).port}=`) });
  const session = (headers, method = 'GET') => fetch(`${server.url}/api/session`, { method, headers: here(headers) });
  assert.deepEqual([(await session(stays)).status, (await session(ends)).status], [200, 200]);
  assert.equal((await session(ends, 'DELETE')).status, 204);
  await killAndStart(server);
  assert.deepEqual([(await session(stays)).status, (await session(ends)).status], [200, 401]);
  const made = await fetch(`${server.url}/api/venues`, {
    method: 'POST', headers: { ...here(stays), 'Content-Type': 'application/json' }, body: '{"id":"venue123","name":"V"}',
  });
  assert.equal(made.status, 201, 'its CSRF token holds too');
});

test('a webhook that is off keeps being owed, and gets all of it once it is on', async (t) => {
  const { server, receiver, path, owed } = await world(t);
  await server.api.patch(path, { enabled: false });
  await killAndStart(server);
  for (let i = 0; i < 5; ++i) await server.api.contact({ id: `c${i}` });
  await killAndStart(server);
  await server.api.contact({ id: 'c5' });
  assert.equal(await owed(), 6);
  assert.equal(receiver.requests.length, 0);
  await killAndStart(server);
  await server.api.patch(path, { enabled: true });
  await killAndStart(server);
  await eventually(async () => await owed() === 0, 'end of what is owed');
  const got = new Set(receiver.payloads().map(({ data }) => data.id));
  assert.deepEqual([...got].sort(), ['c0', 'c1', 'c2', 'c3', 'c4', 'c5']);
});

test('a webhook that was told 410 stays off, and what was discarded stays so', async (t) => {
  const { server, mood, receiver, path, owed } = await world(t);
  mood.status = 410;
  await server.api.contact({ id: 'gone' });
  await eventually(async () => !(await server.api.get(path)).enabled, 'webhook that is off');
  await killAndStart(server);
  const webhook = await server.api.get(path);
  assert.deepEqual([webhook.enabled, webhook.health.state], [false, 'disabled']);
  mood.status = 204;
  await server.api.contact({ id: 'held' });
  await server.api.post(`${path}/discard`);
  await killAndStart(server);
  await server.api.patch(path, { enabled: true });
  await server.api.contact({ id: 'next' });
  await allDelivered(receiver, 1);
  assert.equal(await eventually(async () => await owed() === 0, 'end of what is owed'), true);
  assert.deepEqual(receiver.payloads().map(({ data }) => data.id), ['gone', 'next']);
  const statuses = (await server.api.deliveries()).map(({ resource_id: id, status }) => [id, status]);
  assert.deepEqual(Object.fromEntries(statuses), { gone: 'failed', held: 'canceled', next: 'delivered' });
});

test('strict order holds, whenever it dies', async (t) => {
  const edits = 6;
  const { server, mood, receiver, owed } = await world(t, { ordering: 'strict' });
  mood.status = 500;
  await server.api.contact({ id: 'c' });
  for (let i = 1; i <= edits; ++i) {
    await server.api.patch('/api/venues/venue123/contacts/c', { city: `Paris ${i}` });
    if (i % 2 === 0) await killAndStart(server);
  }
  mood.status = 204;
  for (let kills = 0; kills < 3; ++kills) {
    const before = receiver.requests.length;
    await eventually(async () => receiver.requests.length > before || await owed() === 0, 'request');
    await killAndStart(server);
  }
  await eventually(async () => await owed() === 0, 'end of what is owed');
  const delivered = new Set();
  let newest = 0;
  for (const { timestamp, status } of tried(receiver)) {
    // A new one begins when all before it have been accepted; only what was accepted just before a kill comes again.
    if (timestamp > newest) assert.ok(newest === 0 || delivered.has(newest), `${timestamp} overtook ${newest}`);
    newest = Math.max(newest, timestamp);
    if (status === 204) delivered.add(timestamp);
  }
  assert.equal(delivered.size, edits + 1);
});

test('an overlap of secrets goes on to its end, and one that was ended stays so', async (t) => {
  const { server, receiver, webhook, path } = await world(t);
  const signedWith = async (id) => {
    const before = receiver.requests.length;
    await server.api.contact({ id });
    await eventually(() => receiver.requests.length > before, 'request');
    const { headers, body } = receiver.requests.at(-1);
    return (secret) => headers['bookingshake-signature'] === signatureOf(secret, body);
  };
  const rotated = await server.api.post(`${path}/secret`, { overlap_seconds: 3600 });
  await killAndStart(server);
  const shown = await server.api.get(`${path}/secret`);
  assert.deepEqual(shown, rotated);
  assert.notEqual(rotated.secret, webhook.secret);
  assert.ok((await signedWith('during'))(webhook.secret), 'the old secret signs during the overlap');
  await server.api.delete(`${path}/secret`);
  await killAndStart(server);
  assert.ok((await signedWith('after'))(rotated.secret), 'the new secret signs after it');

  const again = await server.api.post(`${path}/secret`, { overlap_seconds: 1 });
  const ends = Date.now() + 1000;
  await killAndStart(server);
  await eventually(() => Date.now() > ends, 'end of the overlap');
  assert.ok((await signedWith('later'))(again.secret), 'it ends by itself, too');
});

test('a repeated POST gets the answer that was kept, secrets too', async (t) => {
  const { server, receiver, owed } = await world(t);
  const requests = [
    ['/api/venues/venue123/contacts', { first_name: 'Ana' }],
    ['/api/venues/venue123/accounts/batch', [{ id: 'a1', name: 'One' }, { id: 'a2', name: 'Two' }]],
    ['/api/events', { event: 'contact.updated', venue_id: 'venue123', data: { id: 'elsewhere' } }],
    ['/api/webhooks', { name: 'Second', url: receiver.url, events: ['contact.deleted'], scope: { venue_id: 'venue123' } }],
    ['/api/api-keys', { name: 'Till', scope: { venue_id: 'venue123' } }],
  ];
  const send = ([path, body]) => server.api.call('POST', path, body, { 'Idempotency-Key': `once${path}` });
  for (const request of requests) {
    const first = await send(request);
    assert.ok(first.status < 300, JSON.stringify(first.body));
    await killAndStart(server);
    const second = await send(request);
    assert.deepEqual([second.status, second.body], [first.status, first.body], request[0]);
    assert.equal(second.headers.get('location'), first.headers.get('location'));
    assert.equal((await server.api.call('POST', request[0], { name: 'another' }, { 'Idempotency-Key': `once${request[0]}` })).status, 422);
  }
  await eventually(async () => await owed() === 0, 'end of what is owed');
  const keys = new Set(receiver.requests.map(({ headers }) => headers['idempotency-key']));
  assert.equal(keys.size, 4, 'one event each: a contact, two accounts, an announcement');
});

test('what a person sent again, and a replay, go on', async (t) => {
  const { server, receiver, path, owed } = await world(t);
  for (let i = 0; i < 20; ++i) await server.api.contact({ id: `c${i}` });
  await eventually(async () => await owed() === 0, 'end of what is owed');
  const [one] = await server.api.deliveries();
  let before = receiver.requests.length;
  const keysSince = () => new Set(receiver.requests.slice(before).map(({ headers }) => headers['idempotency-key']));
  await server.api.post(`/api/deliveries/${one.id}/redeliver`);
  await killAndStart(server);
  await eventually(() => keysSince().has(one.id), 'request sent by hand');

  before = receiver.requests.length;
  const replay = await server.api.post(`${path}/replay`, { status: ['delivered'] });
  await killAndStart(server);
  await eventually(async () => (await server.api.get(`/api/replays/${replay.id}`)).state === 'done', 'end of the replay');
  await eventually(() => keysSince().size === 20, 'each of the twenty again', 15_000, () => keysSince().size);
  for (const { status } of await server.api.deliveries()) assert.equal(status, 'delivered');
});
