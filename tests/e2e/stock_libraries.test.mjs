// Libraries that receivers use already verify our requests: Standard Webhooks by the opt-in headers, and Octokit's by
// "sha256=" before the bare hex string.
import assert from 'node:assert/strict';
import test from 'node:test';

import { verify } from '@octokit/webhooks-methods';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

import { Receiver, signatureOf } from '../harness/receiver.mjs';
import { Shakehook } from '../harness/shakehook.mjs';

async function startWithWebhook(t, more) {
  const server = await Shakehook.start(t);
  const receiver = await Receiver.start(t);
  await server.api.venue();
  const webhook = await server.api.webhook(receiver.url, more);
  return { api: server.api, receiver, webhook };
}

test('standardwebhooks verifies the opt-in headers', async (t) => {
  const { api, receiver, webhook } = await startWithWebhook(t, { standard_headers: true });
  await api.contact({ id: 'contact-1', first_name: 'Élodie', last_name: 'Lefèvre' });
  const [request] = await receiver.received(1);
  const payload = new Webhook(webhook.secret).verify(request.body.toString(), request.headers);
  assert.equal(payload.data.first_name, 'Élodie');
  assert.equal(request.headers['webhook-id'], request.headers['idempotency-key']);
  assert.throws(
    () => new Webhook(webhook.secret).verify(`${request.body} `, request.headers), WebhookVerificationError);
  assert.equal(request.headers['bookingshake-signature'], signatureOf(webhook.secret, request.body));
});

test('during a rotation with an overlap both secrets verify, then the new one alone', async (t) => {
  const { api, receiver, webhook } = await startWithWebhook(t, { standard_headers: true });
  const rotated = await api.post(`/api/webhooks/${webhook.id}/secret`, { overlap_seconds: 3600 });
  assert.notEqual(rotated.secret, webhook.secret);
  assert.equal(rotated.previous_secret, webhook.secret);
  assert.equal(rotated.signing, 'previous');

  await api.contact({ id: 'contact-1', first_name: 'Léa' });
  const [during] = await receiver.received(1);
  for (const secret of [webhook.secret, rotated.secret]) {
    assert.equal(new Webhook(secret).verify(during.body.toString(), during.headers).event, 'contact.created');
  }
  const newest = new Webhook(rotated.secret).sign(
    during.headers['webhook-id'], new Date(during.headers['webhook-timestamp'] * 1000), during.body.toString());
  assert.equal(during.headers['webhook-signature'].split(' ')[0], newest);
  assert.equal(during.headers['bookingshake-signature'], signatureOf(webhook.secret, during.body));

  await api.delete(`/api/webhooks/${webhook.id}/secret`);
  await api.contact({ id: 'contact-2', first_name: 'Hugo' });
  const [, after] = await receiver.received(2);
  assert.equal(new Webhook(rotated.secret).verify(after.body.toString(), after.headers).data.id, 'contact-2');
  assert.throws(() => new Webhook(webhook.secret).verify(after.body.toString(), after.headers), WebhookVerificationError);
  assert.equal(after.headers['bookingshake-signature'], signatureOf(rotated.secret, after.body));
});

test('an overlap ends by itself', async (t) => {
  const { api, receiver, webhook } = await startWithWebhook(t);
  const { secret } = await api.post(`/api/webhooks/${webhook.id}/secret`, { overlap_seconds: 1 });
  await api.contact({ id: 'contact-1' });
  await new Promise((resolve) => { setTimeout(resolve, 1100); });
  await api.contact({ id: 'contact-2' });
  const [before, after] = await receiver.received(2);
  assert.equal(before.headers['bookingshake-signature'], signatureOf(webhook.secret, before.body));
  assert.equal(after.headers['bookingshake-signature'], signatureOf(secret, after.body));
});

test('octokit verifies the signature with sha256= before it', async (t) => {
  const { api, receiver, webhook } = await startWithWebhook(t);
  await api.account({ id: 'account-1', name: 'Brasserie de l’Étoile & Fils', city: 'Saint-Étienne' });
  const [request] = await receiver.received(1);
  const signature = `sha256=${request.headers['bookingshake-signature']}`;
  assert.equal(await verify(webhook.secret, request.body.toString(), signature), true);
  assert.equal(await verify('whsec_another', request.body.toString(), signature), false);
});
