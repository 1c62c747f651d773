// Many who change the same thing at once: each change is made, one after the other, and nobody else waits for them.
import assert from 'node:assert/strict';
import test from 'node:test';

import { quickFlags, Shakehook } from '../harness/shakehook.mjs';

const editors = 100;
const editsOfEach = 20;

const statusesOf = (answers) => answers.reduce((counts, { status }) => ({ ...counts, [status]: (counts[status] ?? 0) + 1 }), {});

// Each of `editors` connections changes it again and again.
async function editAtOnce(change) {
  const responses = await Promise.all(Array.from({ length: editors }, async (_, editor) => {
    const own = [];
    for (let i = 0; i < editsOfEach; ++i) own.push(await change(`${editor}.${i}`));
    return own;
  }));
  return responses.flat();
}

test('a hundred connections edit one contact', async (t) => {
  const server = await Shakehook.start(t, { flags: quickFlags });
  await server.api.venue('v');
  await server.api.contact({ id: 'one', first_name: 'Ann' }, {}, 'v');
  const path = '/api/venues/v/contacts/one';
  const responses = await editAtOnce((text) => server.api.call('PATCH', path, { city: text }));
  assert.deepEqual(statusesOf(responses), { 200: editors * editsOfEach });
  // Each is an event, and their times go up one by one.
  const events = [];
  for (let cursor = null; ;) {
    const page = await server.api.get(`/api/events?venue_id=v&limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    events.push(...page.data);
    cursor = page.next_cursor;
    if (cursor === null) break;
  }
  assert.equal(events.length, editors * editsOfEach + 1);
  assert.equal(new Set(events.map(({ timestamp }) => timestamp)).size, events.length);
});

test('batches, announcements and edits of the same records all go through', async (t) => {
  const server = await Shakehook.start(t, { flags: quickFlags });
  await server.api.venue('v');
  const ids = Array.from({ length: 20 }, (_, i) => `c${i}`);
  const make = (text) => ids.map((id) => ({ id, city: text }));
  await server.api.post('/api/venues/v/contacts/batch', make('first'));
  const batches = (async () => {
    const own = [];
    for (let i = 0; i < 30; ++i) own.push(await server.api.call('POST', '/api/venues/v/contacts/batch', make(`batch ${i}`)));
    return own;
  })();
  const announcements = (async () => {
    const own = [];
    for (let i = 0; i < 30; ++i) {
      own.push(await server.api.call('POST', '/api/events', { event: 'contact.updated', venue_id: 'v', data: { id: 'c0', note: `${i}` } }));
    }
    return own;
  })();
  const edits = await editAtOnce((text) => server.api.call('PATCH', `/api/venues/v/contacts/c${text.length % 3}`, { city: text }));
  assert.deepEqual(statusesOf(edits), { 200: editors * editsOfEach });
  assert.deepEqual(statusesOf(await batches), { 200: 30 });
  assert.deepEqual(statusesOf(await announcements), { 201: 30 });
});

test('a hundred connections edit one webhook', async (t) => {
  const server = await Shakehook.start(t, { flags: quickFlags });
  await server.api.venue('v');
  const webhook = await server.api.webhook('http://127.0.0.1:8999/', { scope: { venue_id: 'v' } });
  const responses = await editAtOnce((text) => server.api.call('PATCH', `/api/webhooks/${webhook.id}`, { name: text }));
  assert.deepEqual(statusesOf(responses), { 200: editors * editsOfEach });
});

test('those who wait for one record beyond the bound are told to come again', async (t) => {
  const server = await Shakehook.start(t, { flags: quickFlags });
  await server.api.venue('v');
  await server.api.contact({ id: 'one' }, {}, 'v');
  const responses = await Promise.all(Array.from({ length: 600 }, (_, i) => server.api.call('PATCH', '/api/venues/v/contacts/one', { city: `${i}` })));
  const statuses = statusesOf(responses);
  assert.ok(statuses[200] > 0, JSON.stringify(statuses));
  assert.deepEqual(Object.keys(statuses).filter((status) => status !== '200' && status !== '429'), []);
  for (const { status, headers } of responses) if (status === 429) assert.equal(headers.get?.('retry-after') ?? headers['retry-after'], '1');
});
