// The actions on a webhook: test, hold, send again, rotate, move.
import assert from 'node:assert/strict';
import test from 'node:test';

import { allEvents } from '../harness/api_client.mjs';
import { eventually, sleep } from '../harness/eventually.mjs';
import { Receiver, signatureOf } from '../harness/receiver.mjs';
import { Shakehook } from '../harness/shakehook.mjs';

async function startWithWebhook(t, more) {
  const server = await Shakehook.start(t);
  const receiver = await Receiver.start(t);
  await server.api.venue();
  const webhook = await server.api.webhook(receiver.url, more);
  return { server, api: server.api, receiver, webhook };
}

test('a test delivery of each event carries Bookingshake-Test and changes no health', async (t) => {
  const { api, receiver, webhook } = await startWithWebhook(t, { enabled: false });
  for (const event of allEvents) {
    const delivery = await api.post(`/api/webhooks/${webhook.id}/test`, { event });
    assert.equal(delivery.test, true);
    assert.equal(delivery.status, 'delivered');
    assert.equal(delivery.attempts.length, 1);
    const request = receiver.requests.at(-1);
    assert.equal(request.headers['bookingshake-test'], 'true');
    assert.equal(request.headers['bookingshake-signature'], signatureOf(webhook.secret, request.body));
    assert.equal(request.headers['idempotency-key'], delivery.id);
    const payload = JSON.parse(request.body);
    assert.equal(payload.event, event);
    assert.match(payload.data.id, /^test-/);
    if (payload.data.email) assert.match(payload.data.email, /\.example$/);
  }
  const { health } = await api.get(`/api/webhooks/${webhook.id}`);
  assert.equal(health.last_delivered_at, null);
  assert.equal(health.pending, 0);
});

test('a failed test delivery is not retried, and its 410 disables nothing', async (t) => {
  const { api, receiver, webhook } = await startWithWebhook(t);
  receiver.answer = 410;
  const delivery = await api.post(`/api/webhooks/${webhook.id}/test`, { event: 'contact.created' });
  assert.equal(delivery.status, 'failed');
  assert.equal(delivery.attempts[0].status_code, 410);
  await sleep(400);
  assert.equal(receiver.requests.length, 1);
  assert.equal((await api.get(`/api/webhooks/${webhook.id}`)).enabled, true);
});

test('a disabled webhook holds what it is owed, and sends it when it is enabled', async (t) => {
  const { api, receiver, webhook } = await startWithWebhook(t);
  await api.patch(`/api/webhooks/${webhook.id}`, { enabled: false });
  for (let i = 0; i < 20; ++i) await api.contact({ id: `contact-${i}` });
  await sleep(200);
  assert.equal(receiver.requests.length, 0);
  assert.equal((await api.get(`/api/webhooks/${webhook.id}`)).health.pending, 20);
  await api.patch(`/api/webhooks/${webhook.id}`, { enabled: true });
  await receiver.received(20);
  assert.deepEqual(
    receiver.payloads().map((payload) => payload.data.id).sort(),
    Array.from({ length: 20 }, (_, i) => `contact-${i}`).sort());
});

test('what a disabled webhook is owed can be discarded', async (t) => {
  const { api, receiver, webhook } = await startWithWebhook(t, { enabled: false });
  for (let i = 0; i < 5; ++i) await api.contact({ id: `contact-${i}` });
  assert.deepEqual(await api.post(`/api/webhooks/${webhook.id}/discard`), { canceled: 5 });
  await api.patch(`/api/webhooks/${webhook.id}`, { enabled: true });
  await api.contact({ id: 'contact-after' });
  await receiver.received(1);
  await sleep(200);
  assert.deepEqual(receiver.payloads().map((payload) => payload.data.id), ['contact-after']);
  assert.equal((await api.deliveries('status=canceled')).length, 5);
});

test('a delivered one can be delivered again, with the same key, and stays delivered', async (t) => {
  const { api, receiver } = await startWithWebhook(t);
  await api.contact({ id: 'contact-1' });
  await receiver.received(1);
  const delivery = await eventually(async () => (await api.deliveries('status=delivered'))[0], 'delivery');
  receiver.answer = 500;
  await api.post(`/api/deliveries/${delivery.id}/redeliver`);
  const [first, second] = await receiver.received(2);
  assert.equal(second.headers['idempotency-key'], first.headers['idempotency-key']);
  assert.deepEqual(second.body, first.body);
  await sleep(300);
  assert.equal((await api.get(`/api/deliveries/${delivery.id}`)).status, 'delivered');
});

test('an edited URL is where the retries go', async (t) => {
  const { api, receiver, webhook } = await startWithWebhook(t);
  receiver.answer = 500;
  await api.contact({ id: 'contact-1' });
  await receiver.received(1);
  const moved = await Receiver.start(t);
  await api.patch(`/api/webhooks/${webhook.id}`, { url: moved.url });
  const [request] = await moved.received(1);
  assert.equal(request.headers['bookingshake-signature'], signatureOf(webhook.secret, request.body));
  const delivery = await eventually(async () => (await api.deliveries('status=delivered'))[0], 'delivery');
  const { attempts } = await api.get(`/api/deliveries/${delivery.id}`);
  assert.deepEqual([attempts[0].url, attempts.at(-1).url], [receiver.url, moved.url]);
});

test('a rotation without overlap signs with the new secret at once', async (t) => {
  const { api, receiver, webhook } = await startWithWebhook(t);
  const { secret } = await api.post(`/api/webhooks/${webhook.id}/secret`);
  await api.contact({ id: 'contact-1' });
  const [request] = await receiver.received(1);
  assert.notEqual(secret, webhook.secret);
  assert.equal(request.headers['bookingshake-signature'], signatureOf(secret, request.body));
  const shown = await api.get(`/api/webhooks/${webhook.id}`);
  assert.equal(JSON.stringify(shown).includes('whsec_'), false);
  assert.equal((await api.get(`/api/webhooks/${webhook.id}/secret`)).secret, secret);
});

test('a deleted webhook gets nothing more', async (t) => {
  const { api, receiver, webhook } = await startWithWebhook(t);
  receiver.answer = 500;
  await api.contact({ id: 'contact-1' });
  await receiver.received(1);
  await api.delete(`/api/webhooks/${webhook.id}`);
  const seen = receiver.requests.length;
  await sleep(400);
  assert.ok(receiver.requests.length <= seen + 1, 'only what was under way');
  assert.equal((await api.call('GET', `/api/webhooks/${webhook.id}`)).status, 404);
});

test('a webhook of a group hears all its venues, and custom headers are sent and masked', async (t) => {
  const { api } = await Shakehook.start(t);
  const receiver = await Receiver.start(t);
  await api.post('/api/venues-groups', { id: 'group456', name: 'Paris venues' });
  await api.venue('venue123', { venues_group_id: 'group456' });
  await api.venue('venue124', { venues_group_id: 'group456' });
  await api.venue('venue999');
  const webhook = await api.webhook(receiver.url, {
    scope: { venues_group_id: 'group456' }, events: ['contact.created'], headers: { 'X-Token': 'letmein-42' },
  });
  assert.equal(JSON.stringify(webhook).includes('letmein-42'), false);
  for (const venue of ['venue123', 'venue999', 'venue124']) await api.contact({ id: 'contact-1' }, {}, venue);
  await api.account({ id: 'account-1', name: 'Acme' });
  await receiver.received(2);
  await sleep(100);
  assert.deepEqual(receiver.payloads().map((payload) => payload.venue_id).sort(), ['venue123', 'venue124']);
  assert.ok(receiver.requests.every((request) => request.headers['x-token'] === 'letmein-42'));
  const [delivery] = await api.deliveries();
  assert.equal(JSON.stringify(await api.get(`/api/deliveries/${delivery.id}`)).includes('letmein-42'), false);
});

test('custom fields of every type arrive under their codes', async (t) => {
  const { api, receiver } = await startWithWebhook(t);
  const define = (type, more) => api.post('/api/fields', {
    collection: 'clients', label: `A ${type}`, type, venue_id: 'venue123', ...more,
  });
  const options = { data: ['Low', 'Mid', 'High'].map((label, value) => ({ label, value })) };
  const codes = [];
  for (const [type, more] of [['text'], ['number'], ['date'], ['select', options], ['multiselect', options], ['object']]) {
    codes.push((await define(type, more)).code);
  }
  const values = ['VIP Customer', 79.99, '2026-02-28', 1, [0, 1, 2], { table: { number: 12 } }];
  await api.contact({
    ...Object.fromEntries(codes.map((code, i) => [code, values[i]])), id: 'contact-1', first_name: 'John',
  });
  const [request] = await receiver.received(1);
  const { data } = JSON.parse(request.body);
  assert.deepEqual(Object.keys(data), ['id', 'first_name', 'created_at', ...codes]);
  assert.deepEqual(codes.map((code) => data[code]), values);
  assert.ok(request.body.includes(`"${codes[1]}":79.99`));
});
