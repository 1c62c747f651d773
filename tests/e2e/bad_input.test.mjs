// Requests that the API refuses, as a client sees it: the status, a problem+json body, and the field that is wrong.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import test from 'node:test';
import { promisify } from 'node:util';

import { ApiClient } from '../harness/api_client.mjs';
import { eventually } from '../harness/eventually.mjs';
import { Shakehook } from '../harness/shakehook.mjs';

const contacts = '/api/venues/venue123/contacts';
const text = (length) => 'x'.repeat(length);
const webhook = { name: 'x', url: 'https://hooks.example.com/', events: ['contact.created'], scope: { venue_id: 'venue123' } };

// Description, method, path, body, status, the field that errors[0] names (or undefined), more headers.
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
  ['a limit of 0', 'GET', `${contacts}?limit=0`, undefined, 422, 'limit'],
  ['a limit that is no number', 'GET', '/api/deliveries?limit=all', undefined, 422, 'limit'],
  ['a parameter that stands twice', 'GET', `${contacts}?limit=1&limit=2`, undefined, 422, 'limit'],
  ['a status that is none', 'GET', '/api/deliveries?status=done', undefined, 422, 'status'],
  ['a cursor that is none', 'GET', `${contacts}?cursor=!`, undefined, 422, 'cursor'],
  ['a query parameter that is unknown', 'GET', `${contacts}?emial=a@b`, undefined, 422, 'emial'],
  ['one id twice in a batch', 'POST', `${contacts}/batch`, [{ id: 'a' }, { id: 'a' }], 422, '1.id'],
  ['a bad item in a batch', 'POST', `${contacts}/batch`, [{ id: 'a' }, { id: 'b', email: 'b' }], 422, '1.email'],
  ['a webhook without events', 'POST', '/api/webhooks', { ...webhook, events: [] }, 422, 'events'],
  ['an event that is none', 'POST', '/api/webhooks', { ...webhook, events: ['contact.moved'] }, 422, 'events.0'],
  ['a webhook of no venue', 'POST', '/api/webhooks', { ...webhook, scope: { venue_id: 'venue9' } }, 422, 'scope.venue_id'],
  ['a webhook of two scopes', 'POST', '/api/webhooks', { ...webhook, scope: { venue_id: 'venue123', venues_group_id: 'g' } }, 422, 'scope.venues_group_id'],
  ...Object.entries({
    'http://': 'http://hooks.example.com/',
    'another scheme': 'ftp://hooks.example.com/',
    'no scheme': 'hooks.example.com/',
    'no host': 'https://',
    'a user': 'https://a:b@hooks.example.com/',
    'a fragment': 'https://hooks.example.com/#a',
    'white space': 'https://hooks.example.com/a b',
    'a private address': 'https://10.1.2.3/',
    'a loopback address': 'https://127.0.0.1/',
    'a loopback address as IPv6': 'https://[::ffff:127.0.0.1]/',
    'a loopback address as a number': 'https://2130706433/',
    'a local name': 'https://localhost/',
    'a port that is none': 'https://hooks.example.com:99999/',
    'a port of a database': 'https://hooks.example.com:5432/',
    'an encoded host': 'https://hooks%2eexample.com/',
    'a host that only begins as an address': 'https://127.0.0.1./',
  }).map(([what, url]) => [`a webhook URL with ${what}`, 'POST', '/api/webhooks', { ...webhook, url }, 422, 'url']),
  ['a webhook whose URL becomes a private one', 'PATCH', '/api/webhooks/:webhook', { url: 'https://192.168.0.1/' }, 422, 'url'],
  ['a webhook that loses its events', 'PATCH', '/api/webhooks/:webhook', { events: [] }, 422, 'events'],
  ['a custom field of an unknown type', 'POST', '/api/fields',
    { collection: 'clients', label: 'Rank', type: 'rank', venue_id: 'venue123' }, 422, 'type'],
  ['an event without data.id', 'POST', '/api/events', { event: 'contact.created', venue_id: 'venue123', data: {} }, 422, 'data.id'],
  ['an event of another kind', 'POST', '/api/events',
    { event: 'contact.moved', venue_id: 'venue123', data: { id: 'contact-2' } }, 422, 'event'],
  ['a venue that still holds something', 'DELETE', '/api/venues/venue123', undefined, 409],
  ['a webhook that does not exist', 'GET', '/api/webhooks/01932c1e-7a41-7d52-8a90-5be1c7d0f322', undefined, 404],
  ['a key that nobody has', 'GET', '/api/venues', undefined, 401, undefined, { Authorization: 'Bearer nobody-has-this-key-0123456789' }],
];

// All that changes could show in, as one text.
async function everything(api) {
  const lists = [
    '/api/venues', contacts, '/api/venues/venue123/accounts', '/api/fields?venue_id=venue123', '/api/webhooks',
    '/api/events', '/api/deliveries',
  ];
  const seen = [];
  for (const list of lists) seen.push(`${list} ${JSON.stringify(await api.get(list), null, 1)}`);
  return seen.join('\n');
}

test('what is refused, how, and that nothing of it is kept', async (t) => {
  const { api } = await Shakehook.start(t, { flags: {} });
  await api.venue();
  await api.contact({ id: 'contact-1', first_name: 'John' });
  const { id } = await api.post('/api/webhooks', { ...webhook, enabled: false });
  const before = await everything(api);
  for (const [what, method, path, body, status, field, headers] of refusals) {
    await t.test(what, async () => {
      const response = await api.call(method, path.replace(':webhook', id), body, headers);
      assert.equal(response.status, status, JSON.stringify(response.body));
      assert.match(response.headers.get('content-type'), /^application\/problem\+json/);
      assert.equal(response.body.status, status);
      assert.equal(typeof response.body.title, 'string');
      assert.match(response.body.detail, /\S/);
      if (field !== undefined) assert.equal(response.body.errors[0].field, field);
      if (status === 405) assert.match(response.headers.get('allow'), /GET/);
      if (status === 401) assert.match(response.headers.get('www-authenticate'), /Bearer/);
    });
  }
  assert.equal(await everything(api), before);
});

test('a key does what its rights allow and no more', async (t) => {
  const { api, url } = await Shakehook.start(t);
  await api.venue();
  await api.contact({ id: 'contact-1', first_name: 'John' });
  const { id } = await api.post('/api/webhooks', { ...webhook, enabled: false });
  const before = await everything(api);
  const clientWith = async (...rights) => {
    const { key } = await api.post('/api/api-keys', { name: 'CRM', scope: { venue_id: 'venue123' }, rights });
    return new ApiClient(url, key);
  };
  const refused = async (client, method, path, body) => {
    const response = await client.call(method, path, body);
    assert.equal(response.status, 403, `${method} ${path} ${JSON.stringify(response.body)}`);
    assert.match(response.headers.get('content-type'), /^application\/problem\+json/);
  };

  const reader = await clientWith('read');
  assert.deepEqual((await reader.get(contacts)).data.map((contact) => contact.id), ['contact-1']);
  await refused(reader, 'POST', contacts, { first_name: 'Ana' });
  await refused(reader, 'POST', `${contacts}/batch`, [{ id: 'contact-1', first_name: 'Ana' }]);
  await refused(reader, 'PATCH', `${contacts}/contact-1`, { first_name: 'Ana' });
  await refused(reader, 'DELETE', `${contacts}/contact-1`);
  await refused(reader, 'POST', '/api/events', { event: 'contact.created', venue_id: 'venue123', data: { id: 'contact-2' } });

  const writer = await clientWith('write');
  for (const client of [reader, writer]) {
    await refused(client, 'POST', '/api/webhooks', webhook);
    await refused(client, 'PATCH', `/api/webhooks/${id}`, { name: 'Another' });
    await refused(client, 'DELETE', `/api/webhooks/${id}`);
    await refused(client, 'GET', `/api/webhooks/${id}/secret`);
    await refused(client, 'POST', `/api/webhooks/${id}/secret`, {});
    await refused(client, 'POST', '/api/api-keys', { name: 'More', scope: { venue_id: 'venue123' } });
  }
  assert.equal(await everything(api), before);
  await writer.post(contacts, { id: 'contact-2' });
});

test('what lies outside a key\'s scope is told word for word as what does not exist', async (t) => {
  const { api, url } = await Shakehook.start(t);
  await api.post('/api/venues-groups', { id: 'group456', name: 'Paris venues' });
  await api.venue('venue123', { venues_group_id: 'group456' });
  await api.venue('venue999');
  await api.contact({ id: 'contact-1' }, {}, 'venue999');
  await api.account({ id: 'account-1', name: 'Acme' }, {}, 'venue999');
  const ofGroup = await api.post('/api/webhooks', { ...webhook, scope: { venues_group_id: 'group456' }, enabled: false });
  const ofOther = await api.post('/api/webhooks', { ...webhook, scope: { venue_id: 'venue999' }, enabled: false });
  await api.contact({ id: 'contact-2' });
  const delivery = await eventually(async () => (await api.deliveries(`webhook_id=${ofGroup.id}`))[0], 'delivery');
  const { key } = await api.post('/api/api-keys', { name: 'CRM', scope: { venue_id: 'venue123' } });
  const client = new ApiClient(url, key);
  const absent = '01932c1e-7a41-7d52-8a90-5be1c7d0f322';
  for (const [method, hidden, missing, body] of [
    ['GET', '/api/venues/venue999', '/api/venues/venue998'],
    ['GET', '/api/venues/venue999/contacts', '/api/venues/venue998/contacts'],
    ['POST', '/api/venues/venue999/contacts', '/api/venues/venue998/contacts', { id: 'contact-3' }],
    ['PATCH', '/api/venues/venue999/contacts/contact-1', '/api/venues/venue998/contacts/contact-1', { city: 'Paris' }],
    ['DELETE', '/api/venues/venue999/accounts/account-1', '/api/venues/venue998/accounts/account-1'],
    ['GET', `/api/webhooks/${ofGroup.id}`, `/api/webhooks/${absent}`],
    ['GET', `/api/webhooks/${ofOther.id}`, `/api/webhooks/${absent}`],
    ['GET', `/api/webhooks/${ofOther.id}/secret`, `/api/webhooks/${absent}/secret`],
    ['PATCH', `/api/webhooks/${ofOther.id}`, `/api/webhooks/${absent}`, { enabled: true }],
    ['POST', `/api/webhooks/${ofOther.id}/test`, `/api/webhooks/${absent}/test`, { event: 'contact.created' }],
    ['GET', `/api/deliveries/${delivery.id}`, `/api/deliveries/${absent}`],
    ['POST', `/api/deliveries/${delivery.id}/redeliver`, `/api/deliveries/${absent}/redeliver`],
  ]) {
    const told = await client.call(method, hidden, body);
    const expected = await client.call(method, missing, body);
    assert.equal(told.status, 404, `${method} ${hidden} ${JSON.stringify(told.body)}`);
    assert.deepEqual(told.body, expected.body, `${method} ${hidden}`);
  }
  const scopes = [{ venue_id: 'venue999' }, { venue_id: 'venue998' }].map((scope) => ({ ...webhook, scope }));
  const [told, expected] = await Promise.all(scopes.map((body) => client.call('POST', '/api/webhooks', body)));
  assert.equal(told.status, 422);
  assert.deepEqual(told.body, expected.body);
  assert.deepEqual((await client.get('/api/webhooks')).data, []);
  assert.deepEqual((await client.get('/api/deliveries')).data, []);
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
