// What the API refuses, as a client sees it: the status, a problem+json body, and the field that is wrong.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import test from 'node:test';
import { promisify } from 'node:util';

import { Shakehook } from '../harness/shakehook.mjs';

const contacts = '/api/venues/venue123/contacts';
const text = (length) => 'x'.repeat(length);
const webhook = { name: 'x', url: 'https://hooks.example.com/', events: ['contact.created'], scope: { venue_id: 'venue123' } };

// What, method, path, body, status, the field that errors[0] names (or undefined), more headers.
const refusals = [
  ['bytes that are not JSON', 'POST', contacts, '{"first_name":', 400],
  ['bytes that are not UTF-8', 'POST', contacts, Buffer.from([0x22, 0xff, 0x22]), 400],
  ['an empty body', 'POST', contacts, '', 400],
  ['two values', 'POST', contacts, '{} {}', 400],
  ['a key that stands twice', 'POST', contacts, '{"city":"a","city":"b"}', 400],
  ['a number that no double holds', 'POST', '/api/fields', '{"label":1e400}', 400],
  ['an array for an object', 'POST', contacts, [], 422, ''],
  ['an unknown field', 'POST', contacts, { firstname: 'Ana' }, 422, 'firstname'],
  ['a text that is a number', 'POST', contacts, { first_name: 7 }, 422, 'first_name'],
  ['a text that is too long', 'POST', contacts, { city: text(1025) }, 422, 'city'],
  ['an e-mail without @', 'POST', contacts, { email: 'ana' }, 422, 'email'],
  ['an account that does not exist', 'POST', contacts, { account_id: 'account-9' }, 422, 'account_id'],
  ['an id that is none', 'POST', contacts, { id: 'a b' }, 422, 'id'],
  ['the id "batch"', 'POST', contacts, { id: 'batch' }, 422, 'id'],
  ['an opt-in that is a text', 'POST', contacts, { optin_marketing: 'yes' }, 422, 'optin_marketing'],
  ['a custom field that nobody defined', 'POST', contacts, { 'custom_5d07ff93-9b23-4e37-8654-4661fcfd8da8': 1 }, 422,
    'custom_5d07ff93-9b23-4e37-8654-4661fcfd8da8'],
  ['an id that is taken', 'POST', contacts, { id: 'contact-1' }, 409],
  ['another id in a PATCH', 'PATCH', `${contacts}/contact-1`, { id: 'contact-2' }, 422, 'id'],
  ['a contact that does not exist', 'PATCH', `${contacts}/contact-9`, { city: 'Paris' }, 404],
  ['an edit of what has changed', 'PATCH', `${contacts}/contact-1`, { city: 'Paris' }, 412, undefined, { 'If-Match': '"99"' }],
  ['a venue that does not exist', 'POST', '/api/venues/venue9/contacts', {}, 404],
  ['a path that does not exist', 'GET', '/api/nothing', undefined, 404],
  ['a method that a path does not have', 'PUT', contacts, {}, 405],
  ['a body of another type', 'POST', contacts, 'first_name=Ana', 415, undefined, { 'Content-Type': 'application/x-www-form-urlencoded' }],
  ['a body over 1 MiB', 'POST', contacts, text(1024 * 1024 + 1), 413],
  ['a limit over 200', 'GET', `${contacts}?limit=201`, undefined, 422, 'limit'],
  ['a cursor that is none', 'GET', `${contacts}?cursor=!`, undefined, 422, 'cursor'],
  ['a query parameter that is unknown', 'GET', `${contacts}?emial=a@b`, undefined, 422, 'emial'],
  ['one id twice in a batch', 'POST', `${contacts}/batch`, [{ id: 'a' }, { id: 'a' }], 422, '1.id'],
  ['a bad item in a batch', 'POST', `${contacts}/batch`, [{ id: 'a' }, { id: 'b', email: 'b' }], 422, '1.email'],
  ['a webhook without events', 'POST', '/api/webhooks', { ...webhook, events: [] }, 422, 'events'],
  ['an event that is none', 'POST', '/api/webhooks', { ...webhook, events: ['contact.moved'] }, 422, 'events.0'],
  ['a webhook of no venue', 'POST', '/api/webhooks', { ...webhook, scope: { venue_id: 'venue9' } }, 422, 'scope.venue_id'],
  ['a webhook of two scopes', 'POST', '/api/webhooks', { ...webhook, scope: { venue_id: 'venue123', venues_group_id: 'g' } }, 422, 'scope.venues_group_id'],
  ['a URL with a user', 'POST', '/api/webhooks', { ...webhook, url: 'https://a:b@hooks.example.com/' }, 422, 'url'],
  ['a URL with a fragment', 'POST', '/api/webhooks', { ...webhook, url: 'https://hooks.example.com/#a' }, 422, 'url'],
  ['a URL that only looks like an address', 'POST', '/api/webhooks', { ...webhook, url: 'https://hooks.example.com:99999/' }, 422, 'url'],
  ['a venue that still holds something', 'DELETE', '/api/venues/venue123', undefined, 409],
  ['a webhook that does not exist', 'GET', '/api/webhooks/01932c1e-7a41-7d52-8a90-5be1c7d0f322', undefined, 404],
  ['a key that nobody has', 'GET', '/api/venues', undefined, 401, undefined, { Authorization: 'Bearer nobody-has-this-key-0123456789' }],
];

test('what is refused, and how', async (t) => {
  const { api } = await Shakehook.start(t);
  await api.venue();
  await api.contact({ id: 'contact-1', first_name: 'John' });
  for (const [what, method, path, body, status, field, headers] of refusals) {
    await t.test(what, async () => {
      const answer = await api.call(method, path, body, headers);
      assert.equal(answer.status, status, JSON.stringify(answer.body));
      assert.match(answer.headers.get('content-type'), /^application\/problem\+json/);
      assert.equal(answer.body.status, status);
      assert.equal(typeof answer.body.title, 'string');
      assert.match(answer.body.detail, /\S/);
      if (field !== undefined) assert.equal(answer.body.errors[0].field, field);
      if (status === 405) assert.match(answer.headers.get('allow'), /GET/);
      if (status === 401) assert.match(answer.headers.get('www-authenticate'), /Bearer/);
    });
  }
  assert.deepEqual((await api.get(contacts)).data.map(({ id }) => id), ['contact-1'], 'nothing was made');
});

test('curl without a key is told to bring one', async (t) => {
  const { url } = await Shakehook.start(t);
  const curl = (...args) => promisify(execFile)('curl', ['-sS', '-o', '-', '-w', '\n%{http_code}', ...args]);
  assert.match((await curl(`${url}/api/venues`)).stdout, /"status": ?401[^]*\n401$/);
  for (const open of ['/healthz', '/readyz', '/openapi.json', '/docs']) {
    assert.match((await curl(`${url}${open}`)).stdout, /\n200$/, open);
  }
  assert.match((await curl(`${url}/metrics`)).stdout, /\n401$/);
});
