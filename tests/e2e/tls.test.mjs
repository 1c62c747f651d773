// Deliveries over TLS: an authority given by --ca-file is trusted, others are not.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { makeCertificates } from '../harness/certificates.mjs';
import { eventually } from '../harness/eventually.mjs';
import { Receiver, signatureOf } from '../harness/receiver.mjs';
import { quickFlags, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';

async function deliver(t, { names, flags }) {
  const { ca: caFile, key, cert } = makeCertificates(await temporaryFolder(t), names);
  const { api } = await Shakehook.start(t, { flags: { ...quickFlags, ...flags(caFile) } });
  const receiver = await Receiver.start(t, { tls: { key: readFileSync(key), cert: readFileSync(cert) } });
  await api.venue();
  const webhook = await api.webhook(receiver.url.replace('127.0.0.1', 'localhost'));
  await api.contact({ id: 'contact-1', first_name: 'Noël' });
  return { api, receiver, webhook };
}

test('a receiver whose authority is in --ca-file is sent to', async (t) => {
  const { api, receiver, webhook } = await deliver(t, { names: 'DNS:localhost', flags: (caFile) => ({ 'ca-file': caFile }) });
  const [request] = await receiver.received(1);
  assert.equal(request.headers['bookingshake-signature'], signatureOf(webhook.secret, request.body));
  await eventually(async () => (await api.deliveries('status=delivered')).length === 1, 'delivery');
});

for (const [what, options] of Object.entries({
  'an unknown authority': { names: 'DNS:localhost', flags: () => ({}) },
  'a certificate for another name': { names: 'DNS:elsewhere.example', flags: (caFile) => ({ 'ca-file': caFile }) },
})) {
  test(`${what} is a failed attempt with a plain reason`, async (t) => {
    const { api, receiver } = await deliver(t, options);
    const delivery = await eventually(async () => {
      const [found] = await api.deliveries();
      return found?.attempt_count > 0 ? api.get(`/api/deliveries/${found.id}`) : null;
    }, 'attempt');
    assert.equal(delivery.status, 'pending');
    assert.equal(delivery.attempts[0].status_code, null);
    assert.equal(delivery.attempts[0].error.class, 'tls');
    assert.match(delivery.attempts[0].error.message, /certificate/i);
    assert.equal(receiver.requests.length, 0);
  });
}

test('http:// and private addresses are refused where the operator did not open them', async (t) => {
  const { api } = await Shakehook.start(t, { flags: {} });
  await api.venue();
  for (const url of ['http://hooks.example.com/', 'https://127.0.0.1/', 'https://localhost/', 'https://10.0.0.1/',
    'https://169.254.169.254/', 'https://hooks.example.com:6379/', 'https://[::1]/']) {
    const response = await api.call('POST', '/api/webhooks',
      { name: 'x', url, events: ['contact.created'], scope: { venue_id: 'venue123' } });
    assert.equal(response.status, 422, url);
    assert.equal(response.body.errors[0].field, 'url');
  }
});
