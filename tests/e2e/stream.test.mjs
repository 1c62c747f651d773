// /api/stream tells of deliveries and attempts as they happen.
import assert from 'node:assert/strict';
import http from 'node:http';
import test from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { Shakehook } from '../harness/shakehook.mjs';

// The events of a server-sent stream as {event, data}, while it lasts.
function follow(t, url, key) {
  const stream = { events: [], ended: false, status: 0 };
  const request = http.get(`${url}/api/stream`, { headers: { Authorization: `Bearer ${key}` } }, (response) => {
    stream.status = response.statusCode;
    stream.type = response.headers['content-type'];
    let rest = '';
    response.setEncoding('utf8').on('data', (text) => {
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop();
      for (const block of blocks) {
        const field = (name) => block.split('\n').filter((line) => line.startsWith(`${name}:`))
          .map((line) => line.slice(name.length + 1).trim()).join('\n');
        if (field('data')) stream.events.push({ event: field('event'), data: JSON.parse(field('data')) });
      }
    });
    response.on('close', () => { stream.ended = true; });
  });
  request.on('error', () => { stream.ended = true; });
  t.after(() => request.destroy());
  return stream;
}

test('the stream shows a delivery and each of its attempts', async (t) => {
  const server = await Shakehook.start(t);
  const receiver = await Receiver.start(t, { answer: (_, number) => (number === 0 ? 500 : 204) });
  await server.api.venue();
  const webhook = await server.api.webhook(receiver.url);
  const stream = follow(t, server.url, server.adminKey);
  await eventually(() => stream.status, 'answer');
  assert.equal(stream.status, 200);
  assert.match(stream.type, /^text\/event-stream/);

  await server.api.contact({ id: 'contact-1' });
  await eventually(() => stream.events.filter(({ event }) => event === 'attempt').length === 2, 'two attempts',
    undefined, () => JSON.stringify(stream.events));
  const [made] = stream.events.filter(({ event }) => event === 'delivery');
  assert.equal(made.data.webhook_id, webhook.id);
  assert.equal(made.data.event, 'contact.created');
  assert.equal(made.data.resource_id, 'contact-1');
  const attempts = stream.events.filter(({ event }) => event === 'attempt').map(({ data }) => data);
  assert.deepEqual(attempts.map(({ attempt }) => attempt.status_code), [500, 204]);
  assert.deepEqual(attempts.map(({ delivery }) => delivery.status), ['pending', 'delivered']);
  assert.ok(attempts.every(({ delivery }) => delivery.id === made.data.id));
});

test('a venue key follows its venue alone, and a stream ends when the server stops', async (t) => {
  const server = await Shakehook.start(t);
  const receiver = await Receiver.start(t);
  await server.api.venue('venue123');
  await server.api.venue('venue999');
  await server.api.webhook(receiver.url);
  await server.api.webhook(receiver.url, { scope: { venue_id: 'venue999' } });
  const { key } = await server.api.post('/api/api-keys', { name: 'CRM', scope: { venue_id: 'venue123' } });
  const stream = follow(t, server.url, key);
  await eventually(() => stream.status, 'answer');
  await server.api.contact({ id: 'contact-9' }, {}, 'venue999');
  await server.api.contact({ id: 'contact-1' });
  await eventually(() => stream.events.some(({ event }) => event === 'attempt'), 'an attempt');
  assert.ok(stream.events.every(({ data }) => (data.delivery ?? data).venue_id === 'venue123'));
  const started = Date.now();
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
  assert.ok(Date.now() - started < 5000, 'the stream held the server up');
  await eventually(() => stream.ended, 'end of the stream');
});
