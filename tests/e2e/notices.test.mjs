// Who is told that a webhook fails, by real requests to the real forms: a chat, and a webhook of one's own.
import assert from 'node:assert/strict';
import test from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { Receiver, signatureOf } from '../harness/receiver.mjs';
import { quickFlags, Shakehook } from '../harness/shakehook.mjs';

const scope = { venue_id: 'venue123' };

async function start(t, endpointAnswer) {
  const server = await Shakehook.start(t, { flags: quickFlags });
  const endpoint = await Receiver.start(t, { answer: endpointAnswer });
  const told = await Receiver.start(t);
  await server.api.venue();
  const webhook = await server.api.webhook(endpoint.url);
  const channel = (more) =>
    server.api.post('/api/notice-channels', { name: 'Team', kind: 'slack', url: told.url, scope, after_minutes: 0, ...more });
  return { api: server.api, endpoint, told, webhook, channel };
}

test('a chat is told once that a webhook fails, why, and once that it works again', async (t) => {
  const { api, endpoint, told, webhook, channel } = await start(t, 500);
  const made = await channel();
  for (let i = 0; i < 8; ++i) await api.contact({ id: `contact-${i}` });
  const [failing] = await told.received(1, 60_000);
  assert.equal(failing.headers['content-type'], 'application/json');
  const { text } = JSON.parse(failing.body);
  assert.match(text, new RegExp(`^\\*${webhook.name} fails\\*\\n`));
  assert.match(text, /changes wait\. Cause: The endpoint answered 500/);
  assert.ok(!text.includes('<http'), 'a link without --public-url');

  endpoint.answer = 204;
  for (let i = 8; i < 10; ++i) await api.contact({ id: `contact-${i}` });
  const requests = await told.received(2, 150_000);
  assert.match(JSON.parse(requests[1].body).text, /works again/);
  const notices = await eventually(async () => {
    const { data } = await api.get(`/api/notice-channels/${made.id}/notices`);
    return data.every(({ state }) => state !== 'waiting') && data;
  }, 'the notices are recorded');
  assert.deepEqual(notices.map(({ event, state }) => `${event} ${state}`), ['webhook.recovered sent', 'webhook.failing sent']);
  assert.equal(told.requests.length, 2);
});

test('a test reaches a webhook channel, signed with its secret', async (t) => {
  const { api, told, channel } = await start(t, 204);
  const made = await channel({ kind: 'webhook' });
  await api.post(`/api/notice-channels/${made.id}/test`);
  const [request] = await told.received(1, 20_000);
  assert.equal(request.headers['bookingshake-signature'], signatureOf(made.secret, request.body));
  assert.equal(JSON.parse(request.body).event, 'channel.test');
  const sent = await eventually(async () => {
    const { data } = await api.get(`/api/notice-channels/${made.id}/notices`);
    return data[0].state === 'sent' ? data[0] : undefined;
  }, 'the notice is recorded as sent');
  assert.ok(sent.sent_at >= sent.created_at);
});

test('a channel may not lead into a private network that the operator has not opened', async (t) => {
  const { channel } = await start(t, 204);
  await assert.rejects(channel({ url: 'http://169.254.169.254/latest/meta-data' }), /422/);
});
