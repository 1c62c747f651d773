// The receiver that BookingShake's documentation leads to (Express, the raw body, one bare hex string to compare) takes
// all six events.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import test from 'node:test';

import express from 'express';

import { allEvents, ApiClient } from '../harness/api_client.mjs';
import { eventually } from '../harness/eventually.mjs';
import { Shakehook } from '../harness/shakehook.mjs';

function startExpress(test, state) {
  const app = express();
  app.post('/webhooks/bookingshake', express.raw({ type: 'application/json' }), (req, res) => {
    const signature = req.headers['bookingshake-signature'];
    const expected = crypto.createHmac('sha256', state.secret).update(req.body).digest('hex');
    if (signature !== expected) return res.status(401).send('Invalid signature');
    const payload = JSON.parse(req.body);
    state.taken.push({ payload, headers: req.headers });
    return res.status(200).send('OK');
  });
  return new Promise((resolve) => {
    const server = app.listen(0, '127.0.0.1', () => {
      test.after(() => server.closeAllConnections?.());
      test.after(() => server.close());
      resolve(`http://127.0.0.1:${server.address().port}/webhooks/bookingshake`);
    });
  });
}

test('the documented Express receiver takes all six events', async (t) => {
  const { api } = await Shakehook.start(t);
  const state = { taken: [], secret: '' };
  const url = await startExpress(t, state);
  await api.post('/api/venues-groups', { id: 'group456', name: 'Paris venues' });
  await api.venue('venue123', { venues_group_id: 'group456' });
  state.secret = (await api.webhook(url)).secret;

  const accounts = '/api/venues/venue123/accounts';
  const contacts = '/api/venues/venue123/contacts';
  await api.post(accounts, { id: 'account-123', name: 'Acme Corp', company_type: 'SAS', vat_number: 'FR12345678901' });
  await api.post(contacts, {
    id: 'contact-456', first_name: 'John', last_name: 'Doe', email: 'john.doe@example.com', account_id: 'account-123',
    optin_marketing: true,
  });
  await api.patch(`${contacts}/contact-456`, { phone: '+33698765432' });
  await api.patch(`${accounts}/account-123`, { name: 'Acme Corporation' });
  await api.delete(`${contacts}/contact-456`);
  await api.delete(`${accounts}/account-123`);

  await eventually(() => state.taken.length >= 6, 'six accepted events');
  const byEvent = new Map(state.taken.map(({ payload }) => [payload.event, payload]));
  assert.deepEqual([...byEvent.keys()].sort(), [...allEvents].sort());
  for (const { payload, headers } of state.taken) {
    assert.deepEqual(Object.keys(payload), ['event', 'timestamp', 'venue_id', 'venues_group_id', 'data']);
    assert.equal(payload.venue_id, 'venue123');
    assert.equal(payload.venues_group_id, 'group456');
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers['user-agent'], 'Bookingshake-Webhooks/1.0');
    assert.match(headers['idempotency-key'], /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(headers['bookingshake-test'], undefined);
  }
  assert.equal(new Set(state.taken.map(({ headers }) => headers['idempotency-key'])).size, 6);
  const created = byEvent.get('contact.created');
  assert.equal(created.data.created_at, created.timestamp);
  const updated = byEvent.get('contact.updated');
  assert.deepEqual(updated.data, { ...created.data, phone: '+33698765432' });
  assert.equal(updated.data.created_at, created.timestamp);
  assert.ok(updated.timestamp > created.timestamp);
  assert.deepEqual(byEvent.get('contact.deleted').data, { id: 'contact-456' });
  assert.deepEqual(byEvent.get('account.deleted').data, { id: 'account-123' });
  await eventually(async () => (await api.deliveries('status=delivered')).length === 6, 'six delivered');
});

test('a receiver with another secret refuses, and the delivery stays owed', async (t) => {
  const { api } = await Shakehook.start(t);
  const state = { taken: [], secret: 'whsec_another' };
  const url = await startExpress(t, state);
  await api.venue();
  const { id, secret } = await api.webhook(url);
  await api.contact({ id: 'contact-1', first_name: 'Zoé' });
  const delivery = await eventually(async () => {
    const [found] = await api.deliveries('status=pending');
    return found?.attempt_count > 0 ? api.get(`/api/deliveries/${found.id}`) : null;
  }, 'an attempt');
  assert.equal(delivery.webhook_id, id);
  assert.equal(delivery.attempts[0].status_code, 401);
  assert.equal(delivery.attempts[0].response_body, 'Invalid signature');
  state.secret = secret;
  await eventually(() => state.taken.length === 1, 'the retry');
  assert.equal(state.taken[0].headers['idempotency-key'], delivery.id);
});

test('a key of a venue does not see another venue', async (t) => {
  const { api, url } = await Shakehook.start(t);
  await api.venue('venue123');
  await api.venue('venue999');
  await api.contact({ id: 'contact-1', first_name: 'Ana' }, {}, 'venue999');
  const { key } = await api.post('/api/api-keys', { name: 'CRM', scope: { venue_id: 'venue123' } });
  const client = new ApiClient(url, key);
  const hidden = await client.call('GET', '/api/venues/venue999/contacts/contact-1');
  const absent = await client.call('GET', '/api/venues/venue998/contacts/contact-1');
  assert.equal(hidden.status, 404);
  assert.deepEqual(hidden.body, absent.body);
  assert.equal((await client.call('GET', '/api/venues/venue123/contacts')).status, 200);
});
