// examples/receiver does what it says, against the real program.
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { signatureOf } from '../harness/receiver.mjs';
import { Process, root, Shakehook } from '../harness/shakehook.mjs';

const example = path.join(root, 'examples/receiver/receiver.mjs');

async function startExample(t, secret) {
  const receiver = new Process(process.execPath, [example], {
    env: { ...process.env, PORT: '0', WEBHOOK_SECRET: secret },
  });
  t.after(() => receiver.end('SIGKILL'));
  const [, url] = await receiver.says(/(http:\/\/127\.0\.0\.1:\d+\/)/);
  return { receiver, url };
}

test('the example takes what happens to a contact, once each', async (t) => {
  const { api } = await Shakehook.start(t);
  await api.venue();
  const webhook = await api.webhook('http://127.0.0.1:9001/', { enabled: false, ordering: 'strict' });
  const { receiver, url } = await startExample(t, webhook.secret);
  await api.patch(`/api/webhooks/${webhook.id}`, { url, enabled: true });
  await api.contact({ id: 'contact-1', first_name: 'Ana', city: 'Lyon' });
  await api.patch('/api/venues/venue123/contacts/contact-1', { city: null });
  await api.delete('/api/venues/venue123/contacts/contact-1');
  await receiver.says(/contact\.deleted venue123 contact-1: deleted/);
  assert.match(receiver.output, /contact-1: created\n.*contact-1: updated\n.*contact-1: deleted\n/);
  const delivered = await eventually(async () => {
    const found = await api.deliveries('status=delivered');
    return found.length === 3 ? found : null;
  }, 'three delivered');
  await api.post(`/api/deliveries/${delivered[0].id}/redeliver`);
  await receiver.says(/: known/);
  const sent = await api.post(`/api/webhooks/${webhook.id}/test`, { event: 'account.created' });
  assert.equal(sent.attempts[0].response_body, 'test');
});

test('the example refuses what is not signed, and leaves aside what is stale', async (t) => {
  const secret = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
  const { url } = await startExample(t, secret);
  const send = async (key, timestamp, event = 'contact.updated', signature) => {
    const body = JSON.stringify({ event, timestamp, venue_id: 'venue123', venues_group_id: null, data: { id: 'contact-1' } });
    const response = await fetch(url, {
      method: 'POST', body,
      headers: { 'Idempotency-Key': key, 'Bookingshake-Signature': signature ?? signatureOf(secret, body) },
    });
    return `${response.status} ${await response.text()}`;
  };
  assert.equal(await send('a', 2000, 'contact.deleted'), '200 deleted');
  assert.equal(await send('b', 1000, 'contact.updated'), '200 stale');
  assert.equal(await send('a', 2000, 'contact.deleted'), '200 known');
  assert.equal(await send('c', 3000, 'contact.created', 'f'.repeat(64)), '401 wrong signature');
  assert.equal(await send('c', 3000, 'contact.created', 'short'), '401 wrong signature');
  assert.equal(await send('c', 3000, 'contact.created'), '200 created');
});
