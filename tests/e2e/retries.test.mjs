// Deliveries that do not arrive at once.
import assert from 'node:assert/strict';
import test from 'node:test';

import { eventually, sleep } from '../harness/eventually.mjs';
import { Receiver, signatureOf } from '../harness/receiver.mjs';
import { quickFlags, Shakehook } from '../harness/shakehook.mjs';

async function startWithWebhook(t, { answer, flags, webhook: more } = {}) {
  const server = await Shakehook.start(t, { flags: { ...quickFlags, ...flags } });
  const receiver = await Receiver.start(t, { answer });
  await server.api.venue();
  const webhook = await server.api.webhook(receiver.url, more);
  return { server, receiver, webhook };
}

test('retries after 500, with the same key and the same bytes, until it is delivered', async (t) => {
  const { server: { api }, receiver, webhook } = await startWithWebhook(t, { answer: (_, number) => (number < 3 ? 500 : 204) });
  await api.contact({ id: 'contact-1', first_name: 'Jeanne' });
  const requests = await receiver.received(4);
  for (const request of requests) {
    assert.deepEqual(request.body, requests[0].body);
    assert.equal(request.headers['idempotency-key'], requests[0].headers['idempotency-key']);
    assert.equal(request.headers['bookingshake-signature'], signatureOf(webhook.secret, request.body));
  }
  for (let i = 1; i < 4; ++i) assert.ok(requests[i].at - requests[i - 1].at >= 95, 'a retry came before its time');
  const delivery = await eventually(async () => (await api.deliveries('status=delivered'))[0], 'delivery');
  assert.equal(delivery.attempt_count, 4);
  const { attempts } = await api.get(`/api/deliveries/${delivery.id}`);
  assert.deepEqual(attempts.map((attempt) => attempt.status_code), [500, 500, 500, 204]);
  assert.deepEqual(attempts.map((attempt) => attempt.number), [1, 2, 3, 4]);
  assert.ok(attempts.every((attempt) => attempt.trigger === 'automatic' && attempt.url === receiver.url));
});

test('after the last retry the delivery is failed, and can be redelivered', async (t) => {
  const { server: { api }, receiver } = await startWithWebhook(t, { answer: 503, flags: { 'max-retries': 2, 'retry-base': '20ms' } });
  await api.contact({ id: 'contact-1' });
  const failed = await eventually(async () => (await api.deliveries('status=failed'))[0], 'failed delivery');
  assert.equal(failed.attempt_count, 3);
  assert.equal(failed.next_attempt_at, null);
  await sleep(200);
  assert.equal(receiver.requests.length, 3);

  receiver.answer = 200;
  await api.post(`/api/deliveries/${failed.id}/redeliver`);
  const requests = await receiver.received(4);
  assert.equal(requests[3].headers['idempotency-key'], failed.id);
  assert.deepEqual(requests[3].body, requests[0].body);
  const delivered = await eventually(async () => (await api.deliveries('status=delivered'))[0], 'delivery');
  const { attempts } = await api.get(`/api/deliveries/${delivered.id}`);
  assert.equal(attempts.at(-1).trigger, 'manual');
});

test('what a receiver never answers is a failure after the timeout', async (t) => {
  const { server: { api }, receiver } = await startWithWebhook(t, {
    answer: async (_, number) => { if (number === 0) await sleep(1500); return 204; },
    flags: { 'delivery-timeout': '300ms' },
  });
  await api.contact({ id: 'contact-1' });
  await receiver.received(2);
  const delivery = await eventually(async () => (await api.deliveries('status=delivered'))[0], 'delivery');
  const { attempts } = await api.get(`/api/deliveries/${delivery.id}`);
  assert.equal(attempts[0].status_code, null);
  assert.match(attempts[0].error.message, /\S/);
  assert.ok(attempts[0].duration_ms >= 290 && attempts[0].duration_ms < 1400, `${attempts[0].duration_ms} ms`);
});

test('a redirect is a failure and is not followed', async (t) => {
  const elsewhere = await Receiver.start(t);
  const { server: { api }, receiver } = await startWithWebhook(t, {
    answer: (_, number) => (number ? 204 : { status: 302, headers: { Location: elsewhere.url } }),
  });
  await api.contact({ id: 'contact-1' });
  await receiver.received(2);
  assert.equal(elsewhere.requests.length, 0);
});

test('Retry-After lengthens the wait', async (t) => {
  const { server: { api }, receiver } = await startWithWebhook(t, {
    answer: (_, number) => (number ? 204 : { status: 429, headers: { 'Retry-After': '1' } }),
  });
  await api.contact({ id: 'contact-1' });
  const [first, second] = await receiver.received(2);
  assert.ok(second.at - first.at >= 990, `${second.at - first.at} ms`);
});

test('410 disables the webhook and fails the delivery', async (t) => {
  const { server: { api }, receiver, webhook } = await startWithWebhook(t, { answer: 410 });
  await api.contact({ id: 'contact-1' });
  const disabled = await eventually(async () => {
    const found = await api.get(`/api/webhooks/${webhook.id}`);
    return found.enabled ? null : found;
  }, 'disabled webhook');
  assert.equal(disabled.health.state, 'disabled');
  assert.match(disabled.health.reason, /410/);
  assert.equal((await api.deliveries('status=failed')).length, 1);

  await api.contact({ id: 'contact-2' });
  await sleep(300);
  assert.equal(receiver.requests.length, 1);
  receiver.answer = 204;
  await api.patch(`/api/webhooks/${webhook.id}`, { enabled: true });
  const requests = await receiver.received(2);
  assert.equal(JSON.parse(requests[1].body).data.id, 'contact-2');
});

test('pending deliveries survive a restart', async (t) => {
  const { server, receiver } = await startWithWebhook(t, { answer: 500, flags: { 'retry-base': '1s' } });
  for (let i = 0; i < 5; ++i) await server.api.contact({ id: `contact-${i}`, first_name: `Ana ${i}` });
  const before = [...await receiver.received(5)];
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
  receiver.answer = 204;
  await server.launch();
  await eventually(async () => (await server.api.deliveries('status=delivered')).length === 5, 'five delivered');
  const keys = (requests) => requests.map((request) => request.headers['idempotency-key']).sort();
  const after = receiver.requests.filter((request) => request.status === 204);
  assert.deepEqual(keys(after), keys(before.slice(0, 5)));
});

test('strict order: the next of a resource waits until the one before is delivered', async (t) => {
  const { server: { api }, receiver } = await startWithWebhook(t, {
    answer: (_, number) => (number < 3 ? 500 : 204), webhook: { ordering: 'strict' },
  });
  const path = '/api/venues/venue123/contacts';
  await api.post(path, { id: 'contact-1', first_name: 'One' });
  await api.patch(`${path}/contact-1`, { first_name: 'Two' });
  await api.delete(`${path}/contact-1`);
  await receiver.received(6);
  assert.deepEqual(receiver.payloads().map((payload) => payload.event), [
    'contact.created', 'contact.created', 'contact.created', 'contact.created', 'contact.updated', 'contact.deleted',
  ]);
  const times = receiver.payloads().slice(3).map((payload) => payload.timestamp);
  assert.ok(times[0] < times[1] && times[1] < times[2]);
});

test('a dead webhook does not delay another', async (t) => {
  const { server: { api }, receiver } = await startWithWebhook(t);
  const silent = await Receiver.start(t, { answer: () => new Promise(() => {}) });
  for (let i = 0; i < 3; ++i) await api.webhook(silent.url);
  for (let i = 0; i < 40; ++i) await api.contact({ id: `contact-${i}` });
  await receiver.received(40, 3000);
});
