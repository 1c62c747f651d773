// One tenant against another's ids: every route of openapi.json, with every kind of key and of user. What belongs to
// another tenant is answered word for word as what does not exist, and no answer holds anything of it.
//
// The routes are taken from the program's own openapi.json: a new one fails here until it is listed.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Browser, setUp } from '../harness/browser_session.mjs';
import { eventually, sleep } from '../harness/eventually.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { quickFlags, Shakehook } from '../harness/shakehook.mjs';

const password = 'correct horse battery';
// Stands in every name and text of the other tenant.
const mark = 'zz-theirs-only';
const uuid = '00000000-0000-4000-8000-00000000abcd';

const csv = { 'Content-Type': 'text/csv' };

// A group with two venues, and one of everything that belongs to them.
async function tenant(api, name, receiver, text) {
  const group = `${name}-group`;
  const venue = `${name}-venue`;
  await api.post('/api/venues-groups', { id: group, name: `${text} group` });
  for (const id of [venue, `${name}-venue2`]) await api.venue(id, { name: `${text} ${id}`, venues_group_id: group });
  const made = { group, venue, account: `${name}-account`, contact: `${name}-contact` };
  made.webhook = await api.webhook(receiver.url, { name: `${text} of a venue`, scope: { venue_id: venue } });
  made.groupWebhook = await api.webhook(receiver.url, { name: `${text} of a group`, scope: { venues_group_id: group } });
  made.field = await api.post('/api/fields', {
    label: `${text} field`, type: 'text', collection: 'clients', venue_id: venue,
  });
  made.inbox = await api.post('/api/inboxes', { name: `${text} inbox`, scope: { venue_id: venue } });
  made.channel = await api.post('/api/notice-channels', {
    name: `${text} channel`, kind: 'slack', url: `${receiver.url}/${text}`, scope: { venue_id: venue }, events: ['webhook.disabled'],
  });
  made.key = await api.post('/api/api-keys', { name: `${text} key`, scope: { venues_group_id: group } });
  made.user = await api.post('/api/users', {
    name: `${text} person`, email: `${name}@example.com`, role: 'manager', scope: { venues_group_id: group }, password,
  });
  await api.account({ id: made.account, name: `${text} company` }, {}, venue);
  await api.contact({ id: made.contact, first_name: text, email: `${text}@example.com`, account_id: made.account }, {}, venue);
  await api.patch(`/api/venues/${venue}/contacts/${made.contact}`, { last_name: text });
  const deliveries = () => api.deliveries(`webhook_id=${made.webhook.id}`);
  await eventually(async () => {
    const all = await deliveries();
    return all.length === 3 && all.every((delivery) => delivery.status === 'delivered');
  }, 'deliveries of the tenant');
  [made.delivery] = await deliveries();
  [made.event] = (await api.get(`/api/events?venue_id=${venue}`)).data;
  made.import = await api.post(`/api/venues/${venue}/imports?kind=contact`, `id,email,first_name\nx-${name},none,${text}\n`, csv);
  await eventually(async () => (await api.get(`/api/imports/${made.import.id}`)).state === 'done', 'end of an import');
  made.replay = await api.post(`/api/webhooks/${made.webhook.id}/replay`, { status: 'failed' });
  return made;
}

// The same shape, of nothing that there is.
const nothing = {
  group: 'none-group', venue: 'none-venue', account: 'none-account', contact: 'none-contact',
  webhook: { id: uuid }, groupWebhook: { id: uuid }, field: { code: 'custom_00000000-0000-4000-8000-00000000f1e1' }, inbox: { id: uuid }, key: { id: uuid }, channel: { id: uuid },
  user: { id: uuid }, delivery: { id: uuid }, event: { id: uuid }, replay: { id: uuid },
  import: { id: uuid },
};

const whose = (t) => ({ venue_id: t.venue });
const events = ['contact.created'];

// For each route with another's id in it: the path, and the body where one is sent. Several where several name one.
const withIds = {
  'GET /api/venues-groups/{id}': (t) => [[`/api/venues-groups/${t.group}`]],
  'PATCH /api/venues-groups/{id}': (t) => [[`/api/venues-groups/${t.group}`, { name: 'x' }]],
  'DELETE /api/venues-groups/{id}': (t) => [[`/api/venues-groups/${t.group}`]],
  'GET /api/venues/{venue_id}': (t) => [[`/api/venues/${t.venue}`]],
  'PATCH /api/venues/{venue_id}': (t) => [[`/api/venues/${t.venue}`, { name: 'x' }]],
  'DELETE /api/venues/{venue_id}': (t) => [[`/api/venues/${t.venue}`]],
  'POST /api/venues': (t) => [['/api/venues', { name: 'x', venues_group_id: t.group }]],
  ...Object.fromEntries(['account', 'contact'].flatMap((kind) => {
    const list = (t) => `/api/venues/${t.venue}/${kind}s`;
    const path = `/api/venues/{venue_id}/${kind}s`;
    return [
      [`GET ${path}`, (t) => [[list(t)], [`${list(t)}?q=zz`]]],
      [`POST ${path}`, (t) => [[list(t), { id: 'x' }]]],
      [`GET ${path}/{id}`, (t) => [[`${list(t)}/${t[kind]}`]]],
      [`PATCH ${path}/{id}`, (t) => [[`${list(t)}/${t[kind]}`, {}]]],
      [`DELETE ${path}/{id}`, (t) => [[`${list(t)}/${t[kind]}`]]],
      [`POST ${path}/batch`, (t) => [[`${list(t)}/batch`, [{ id: 'x' }]]]],
      [`GET /api/${kind}s`, (t) => [[`/api/${kind}s?venue_id=${t.venue}`], [`/api/${kind}s?venues_group_id=${t.group}`]]],
    ];
  })),
  'GET /api/fields': (t) => [[`/api/fields?venue_id=${t.venue}`], [`/api/fields?venues_group_id=${t.group}`]],
  'POST /api/fields': (t) => [
    ['/api/fields', { label: 'x', type: 'text', collection: 'clients', venue_id: t.venue }],
    ['/api/fields', { label: 'x', type: 'text', collection: 'clients', venues_group_id: t.group }],
  ],
  'GET /api/fields/{code}': (t) => [[`/api/fields/${t.field.code}`]],
  'PATCH /api/fields/{code}': (t) => [[`/api/fields/${t.field.code}`, { label: 'x' }]],
  'DELETE /api/fields/{code}': (t) => [[`/api/fields/${t.field.code}`]],
  'GET /api/users/{id}': (t) => [[`/api/users/${t.user.id}`]],
  'PATCH /api/users/{id}': (t) => [[`/api/users/${t.user.id}`, { name: 'x' }]],
  'DELETE /api/users/{id}': (t) => [[`/api/users/${t.user.id}`]],
  'POST /api/users/{id}/link': (t) => [[`/api/users/${t.user.id}/link`, {}]],
  'DELETE /api/users/{id}/link': (t) => [[`/api/users/${t.user.id}/link`]],
  'DELETE /api/users/{id}/second-factor': (t) => [[`/api/users/${t.user.id}/second-factor`]],
  'GET /api/users/{id}/sessions': (t) => [[`/api/users/${t.user.id}/sessions`]],
  'DELETE /api/users/{id}/sessions/{session_id}': (t) => [[`/api/users/${t.user.id}/sessions/${'0'.repeat(32)}`]],
  'POST /api/users': (t) => [
    ['/api/users', { name: 'x', email: 'x@example.com', role: 'viewer', scope: whose(t), password }],
  ],
  'POST /api/webhooks': (t) => [
    ['/api/webhooks', { name: 'x', url: 'https://example.com/', events, scope: whose(t) }],
    ['/api/webhooks', { name: 'x', url: 'https://example.com/', events, scope: { venues_group_id: t.group } }],
  ],
  'GET /api/webhook-counts': (t) => [[`/api/webhook-counts?venue_id=${t.venue}`], [`/api/webhook-counts?venues_group_id=${t.group}`]],
  'GET /api/webhooks/{id}': (t) => [[`/api/webhooks/${t.webhook.id}`], [`/api/webhooks/${t.groupWebhook.id}`]],
  'PATCH /api/webhooks/{id}': (t) => [[`/api/webhooks/${t.webhook.id}`, { enabled: false }]],
  'DELETE /api/webhooks/{id}': (t) => [[`/api/webhooks/${t.webhook.id}`]],
  'GET /api/webhooks/{id}/secret': (t) => [[`/api/webhooks/${t.webhook.id}/secret`], [`/api/webhooks/${t.groupWebhook.id}/secret`]],
  'POST /api/webhooks/{id}/secret': (t) => [[`/api/webhooks/${t.webhook.id}/secret`, {}]],
  'DELETE /api/webhooks/{id}/secret': (t) => [[`/api/webhooks/${t.webhook.id}/secret`]],
  'POST /api/webhooks/{id}/test': (t) => [[`/api/webhooks/${t.webhook.id}/test`, { event: 'contact.created' }]],
  'POST /api/webhooks/{id}/send-now': (t) => [[`/api/webhooks/${t.webhook.id}/send-now`, {}]],
  'POST /api/webhooks/send-now': (t) => [['/api/webhooks/send-now', { webhook_ids: [t.webhook.id] }]],
  'POST /api/webhooks/{id}/discard': (t) => [[`/api/webhooks/${t.webhook.id}/discard`, {}]],
  'GET /api/webhooks/{id}/stats': (t) => [[`/api/webhooks/${t.webhook.id}/stats`]],
  'GET /api/place-stats': (t) => [[`/api/place-stats?venue_id=${t.venue}`], [`/api/place-stats?venues_group_id=${t.group}`]],
  'GET /api/webhooks/{id}/replay': (t) => [[`/api/webhooks/${t.webhook.id}/replay`]],
  'POST /api/webhooks/{id}/replay': (t) => [[`/api/webhooks/${t.webhook.id}/replay`, { status: 'failed' }]],
  'GET /api/replays/{id}': (t) => [[`/api/replays/${t.replay.id}`]],
  'POST /api/replays/{id}/cancel': (t) => [[`/api/replays/${t.replay.id}/cancel`, {}]],
  'GET /api/deliveries': (t) => [
    [`/api/deliveries?webhook_id=${t.webhook.id}`], [`/api/deliveries?venue_id=${t.venue}`],
    [`/api/deliveries?resource_id=${t.contact}`],
  ],
  'GET /api/deliveries/{id}': (t) => [[`/api/deliveries/${t.delivery.id}`]],
  'POST /api/deliveries/{id}/redeliver': (t) => [[`/api/deliveries/${t.delivery.id}/redeliver`, {}]],
  'GET /api/events': (t) => [[`/api/events?venue_id=${t.venue}`], [`/api/events?resource_id=${t.contact}`]],
  'GET /api/event-subjects': (t) => [[`/api/event-subjects?id=${t.event.id}`]],
  'POST /api/events': (t) => [['/api/events', { event: 'contact.updated', venue_id: t.venue, data: { id: t.contact } }]],
  'GET /api/events/{id}': (t) => [[`/api/events/${t.event.id}`]],
  'POST /api/inboxes': (t) => [['/api/inboxes', { scope: whose(t) }], ['/api/inboxes', { scope: { venues_group_id: t.group } }]],
  'GET /api/inboxes/{id}': (t) => [[`/api/inboxes/${t.inbox.id}`]],
  'PATCH /api/inboxes/{id}': (t) => [[`/api/inboxes/${t.inbox.id}`, { name: 'x' }]],
  'DELETE /api/inboxes/{id}': (t) => [[`/api/inboxes/${t.inbox.id}`]],
  'GET /api/inboxes/{id}/requests': (t) => [[`/api/inboxes/${t.inbox.id}/requests`]],
  'POST /api/notice-channels': (t) => [
    ['/api/notice-channels', { name: 'x', kind: 'slack', url: 'https://example.com/', scope: whose(t) }],
    ['/api/notice-channels', { name: 'x', kind: 'slack', url: 'https://example.com/', scope: { venues_group_id: t.group } }],
  ],
  'GET /api/notice-channels/{id}': (t) => [[`/api/notice-channels/${t.channel.id}`]],
  'PATCH /api/notice-channels/{id}': (t) => [[`/api/notice-channels/${t.channel.id}`, { name: 'x' }]],
  'DELETE /api/notice-channels/{id}': (t) => [[`/api/notice-channels/${t.channel.id}`]],
  'POST /api/notice-channels/{id}/test': (t) => [[`/api/notice-channels/${t.channel.id}/test`, {}]],
  'POST /api/notice-channels/{id}/confirmations': (t) => [[`/api/notice-channels/${t.channel.id}/confirmations`, { recipient: 'ops@example.com' }]],
  'GET /api/notice-channels/{id}/notices': (t) => [[`/api/notice-channels/${t.channel.id}/notices`]],
  'GET /api/venues/{venue_id}/imports': (t) => [[`/api/venues/${t.venue}/imports`]],
  'POST /api/venues/{venue_id}/imports': (t) => [[`/api/venues/${t.venue}/imports?kind=contact`, 'id,email\nx,none\n', csv]],
  'GET /api/imports/{id}': (t) => [[`/api/imports/${t.import.id}`]],
  'GET /api/imports/{id}/errors': (t) => [[`/api/imports/${t.import.id}/errors`]],
  'GET /api/imports/{id}/errors.csv': (t) => [[`/api/imports/${t.import.id}/errors.csv`]],
  'POST /api/imports/{id}/cancel': (t) => [[`/api/imports/${t.import.id}/cancel`, {}]],
  'POST /api/api-keys': (t) => [['/api/api-keys', { name: 'x', scope: whose(t) }]],
  'GET /api/api-keys/{id}': (t) => [[`/api/api-keys/${t.key.id}`]],
  'PATCH /api/api-keys/{id}': (t) => [[`/api/api-keys/${t.key.id}`, { name: 'x' }]],
  'DELETE /api/api-keys/{id}': (t) => [[`/api/api-keys/${t.key.id}`]],
};

// Routes that name nobody's ids: their answers are searched for what is the other tenant's.
const withoutIds = new Set([
  'GET /api/venues-groups', 'GET /api/venues', 'GET /api/users', 'GET /api/audit', 'GET /api/webhooks', 'GET /api/stats',
  'GET /api/deliveries', 'GET /api/events', 'GET /api/inboxes', 'GET /api/notice-channels', 'GET /api/api-keys', 'GET /api/fields', 'GET /api/session',
  'GET /metrics',
]);
// Routes that belong to no tenant: the same for everybody, or with nothing but the caller's own data. The stream has a
// test of its own.
const ofNobody = new Set([
  'POST /api/venues-groups', 'GET /api/setup', 'POST /api/setup', 'POST /api/session', 'PATCH /api/session',
  'DELETE /api/session', 'GET /api/sessions', 'DELETE /api/sessions/{id}', 'POST /api/session/second-factor',
  'POST /api/session/second-factor/confirm', 'POST /api/session/second-factor/off', 'POST /api/user-links',
  'POST /api/user-links/check', 'POST /api/notice-recipients', 'POST /api/notice-recipients/check', 'POST /api/url-checks', 'POST /inbox/{token}', 'GET /healthz', 'GET /readyz', 'GET /openapi.json',
  'GET /docs', 'GET /docs/{file}', 'GET /api/stream', 'GET /api/retry-schedules',
]);

const methods = ['get', 'post', 'put', 'patch', 'delete'];

// Returns the part of a response that may differ between two ids: the ids that were asked for are replaced first.
function comparable(response, theirs) {
  let text = JSON.stringify(response.body);
  for (const value of Object.values(theirs)) {
    const id = typeof value === 'string' ? value : value.id ?? value.code;
    text = text.replaceAll(id, 'ID');
  }
  const headers = [...response.headers].filter(([name]) => !['date', 'x-request-id', 'content-length'].includes(name));
  return { status: response.status, body: text.replace(/"request_id":"[^"]*"/, '"request_id":""'), headers };
}

async function everyone(server, ours) {
  const admin = await setUp(server, password);
  const callers = [];
  for (const [scope, where] of [[{ venue_id: ours.venue }, 'venue'], [{ venues_group_id: ours.group }, 'group']]) {
    for (const rights of [['read'], ['write'], ['read', 'write'], ['manage']]) {
      const { key } = await server.api.post('/api/api-keys', { name: 'ours', scope, rights });
      callers.push([`a key to ${rights} a ${where}`, (...call) => server.api.call(call[0], call[1], call[2], { Authorization: `Bearer ${key}`, ...call[3] })]);
    }
    for (const role of ['manager', 'viewer']) {
      const email = `${role}-${where}@example.com`;
      const made = await admin.call('POST', '/api/users', { name: 'Ours', email, role, scope, password });
      assert.equal(made.status, 201, JSON.stringify(made.body));
      const browser = new Browser(server);
      assert.equal((await browser.signIn(email, password)).status, 201);
      callers.push([`a ${role} of a ${where}`, (...call) => browser.call(...call)]);
    }
  }
  return callers;
}

test('nobody reaches, or learns of, what is another tenant\'s', async (t) => {
  const server = await Shakehook.start(t, { flags: { ...quickFlags, 'metrics-open': true } });
  const receiver = await Receiver.start(t);
  const ours = await tenant(server.api, 'ours', receiver, 'Ours');
  const theirs = await tenant(server.api, 'theirs', receiver, mark);
  const ofTheirs = [
    `/api/webhooks/${theirs.webhook.id}/secret`, `/api/venues/${theirs.venue}`, `/api/users/${theirs.user.id}`,
    `/api/venues-groups/${theirs.group}`, `/api/api-keys/${theirs.key.id}`, `/api/fields/${theirs.field.code}`,
    `/api/inboxes/${theirs.inbox.id}`, `/api/notice-channels/${theirs.channel.id}`, `/api/venues/${theirs.venue}/contacts`, `/api/venues/${theirs.venue}/accounts`,
    `/api/events?venue_id=${theirs.venue}`, `/api/deliveries?venue_id=${theirs.venue}`,
  ];
  const state = () => Promise.all(ofTheirs.map(async (path) => [path, await server.api.get(path)]));
  const before = await state();

  const { paths } = await server.api.get('/openapi.json');
  const routes = Object.entries(paths).flatMap(([path, operations]) =>
    methods.filter((method) => method in operations).map((method) => `${method.toUpperCase()} ${path}`));
  assert.deepEqual(routes.filter((route) => !(route in withIds) && !withoutIds.has(route) && !ofNobody.has(route)), [],
    'routes that this test does not know');
  assert.deepEqual([...Object.keys(withIds), ...withoutIds, ...ofNobody].filter((route) => !routes.includes(route)), [],
    'routes that there are no more');

  let compared = 0;
  for (const [who, call] of await everyone(server, ours)) {
    for (const [route, requests] of Object.entries(withIds)) {
      const [method] = route.split(' ');
      const missing = requests(nothing);
      for (const [i, [path, body, headers]] of requests(theirs).entries()) {
        const what = `${who}: ${method} ${path}`;
        const response = await call(method, path, body, headers);
        const other = await call(method, ...missing[i]);
        assert.ok(!JSON.stringify(response.body).includes(mark), `${what} gave ${JSON.stringify(response.body)}`);
        assert.deepEqual(comparable(response, theirs), comparable(other, nothing), what);
        if (method !== 'GET' || response.status !== 200) {
          assert.ok([403, 404, 422].includes(response.status), `${what}: ${response.status} ${JSON.stringify(response.body)}`);
        }
        compared += 1;
      }
    }
    for (const route of withoutIds) {
      const response = await call('GET', route.split(' ')[1]);
      assert.ok(response.status === 200 || response.status === 403 || route === 'GET /api/session', `${who}: ${route} ${response.status}`);
      const text = JSON.stringify(response.body);
      assert.ok(!text.includes(mark) && !text.includes('theirs'), `${who}: ${route} gave ${text}`);
    }
  }
  assert.ok(compared > 600, `${compared} requests were compared`);
  assert.deepEqual(await state(), before, 'something of theirs was changed');
});

// Requests on what is our own that name something of theirs. What comes back is what an id that does not exist gets.
const namingTheirs = (ours, t) => [
  ['POST', `/api/venues/${ours.venue}/contacts`, { id: 'naming', account_id: t.account }],
  ['PATCH', `/api/venues/${ours.venue}/contacts/${ours.contact}`, { account_id: t.account }],
  ['POST', `/api/venues/${ours.venue}/contacts/batch`, [{ id: 'naming', account_id: t.account }]],
  ['POST', `/api/venues/${ours.venue}/contacts`, { id: 'naming', [t.field.code]: 'x' }],
  ['GET', `/api/venues/${ours.venue}/contacts?account_id=${t.account}`],
  ['GET', `/api/venues/${ours.venue}/contacts/${t.contact}`],
  ['DELETE', `/api/venues/${ours.venue}/accounts/${t.account}`],
  ['PATCH', `/api/webhooks/${ours.webhook.id}`, { scope: { venue_id: t.venue } }],
  ['PATCH', `/api/webhooks/${ours.webhook.id}`, { scope: { venues_group_id: t.group } }],
  ['PATCH', `/api/inboxes/${ours.inbox.id}`, { scope: { venue_id: t.venue } }],
  ['PATCH', `/api/api-keys/${ours.key.id}`, { scope: { venue_id: t.venue } }],
  ['PATCH', `/api/venues/${ours.venue}`, { venues_group_id: t.group }],
  ['PATCH', `/api/fields/${ours.field.code}`, { venue_id: t.venue }],
  ['GET', `/api/deliveries?webhook_id=${ours.webhook.id}&venue_id=${t.venue}`],
  ['GET', `/api/deliveries?webhook_id=${ours.webhook.id}&resource_id=${t.contact}`],
  ['GET', `/api/events?venue_id=${ours.venue}&resource_id=${t.contact}`],
  ['GET', `/api/contacts?venue_id=${ours.venue}&venues_group_id=${t.group}`],
];

test('what is one\'s own cannot be tied to what is another tenant\'s, and does not tell of it', async (t) => {
  const server = await Shakehook.start(t);
  const receiver = await Receiver.start(t);
  const ours = await tenant(server.api, 'ours', receiver, 'Ours');
  const theirs = await tenant(server.api, 'theirs', receiver, mark);
  for (const [who, call] of await everyone(server, ours)) {
    const missing = namingTheirs(ours, nothing);
    for (const [i, [method, path, body]] of namingTheirs(ours, theirs).entries()) {
      const what = `${who}: ${method} ${path} ${JSON.stringify(body)}`;
      const response = await call(method, path, body);
      assert.ok(!JSON.stringify(response.body).includes(mark), `${what} gave ${JSON.stringify(response.body)}`);
      assert.deepEqual(comparable(response, theirs), comparable(await call(...missing[i]), nothing), what);
      if (method === 'GET' && response.status === 200) assert.deepEqual(response.body.data, [], what);
      else assert.ok([403, 404, 422].includes(response.status), `${what}: ${response.status}`);
    }
  }
});

test('a cursor of another tenant\'s list opens nothing of it', async (t) => {
  const server = await Shakehook.start(t);
  const receiver = await Receiver.start(t);
  const ours = await tenant(server.api, 'ours', receiver, 'Ours');
  const theirs = await tenant(server.api, 'theirs', receiver, mark);
  await server.api.contact({ id: 'theirs-another' }, {}, theirs.venue);
  await server.api.account({ id: 'theirs-another' }, {}, theirs.venue);
  const callers = await everyone(server, ours);
  const lists = [
    ...['webhooks', 'deliveries', 'events', 'venues', 'venues-groups', 'inboxes', 'users', 'api-keys', 'audit']
      .map((list) => () => `/api/${list}?limit=1`),
    ...['contacts', 'accounts'].flatMap((list) => [
      (of) => `/api/venues/${of.venue}/${list}?limit=1`, (of) => `/api/${list}?limit=1&venue_id=${of.venue}`,
      (of) => `/api/${list}?limit=1&venues_group_id=${of.group}`,
    ]),
    (of) => `/api/events?limit=1&venue_id=${of.venue}`, (of) => `/api/deliveries?limit=1&webhook_id=${of.webhook.id}`,
  ];
  const withoutCursor = [];
  for (const list of lists) {
    const { next_cursor: cursor } = await server.api.get(list(theirs));
    if (!cursor) withoutCursor.push(list(theirs));
    if (!cursor) continue;
    for (const [who, call] of callers) {
      const response = await call('GET', `${list(ours)}&cursor=${cursor}`);
      // 422: the group is not for a venue's keys; or the cursor is of a list that is not the same.
      assert.ok([200, 403, 422].includes(response.status), `${who}: ${list(ours)} ${response.status} ${JSON.stringify(response.body)}`);
      const text = JSON.stringify(response.body);
      assert.ok(!text.includes(mark) && !text.includes('theirs'), `${who}: ${list(ours)} gave ${text}`);
    }
  }
  assert.deepEqual(withoutCursor, []);
});

test('the stream tells a tenant nothing of another', async (t) => {
  const server = await Shakehook.start(t);
  const receiver = await Receiver.start(t);
  const ours = await tenant(server.api, 'ours', receiver, 'Ours');
  const theirs = await tenant(server.api, 'theirs', receiver, mark);
  const { key } = await server.api.post('/api/api-keys', { name: 'ours', scope: { venues_group_id: ours.group }, rights: ['read'] });
  const abort = new AbortController();
  t.after(() => abort.abort());
  const response = await fetch(`${server.url}/api/stream`, { headers: { Authorization: `Bearer ${key}` }, signal: abort.signal });
  assert.equal(response.status, 200);
  let heard = '';
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const piece of response.body) heard += decoder.decode(piece, { stream: true });
  })().catch(() => {});
  await sleep(50);
  await server.api.contact({ id: 'theirs-new', first_name: mark }, {}, theirs.venue);
  await receiver.received(12 + 2);
  await server.api.contact({ id: 'ours-new', first_name: 'Ours' }, {}, ours.venue);
  await eventually(() => heard.includes('ours-new'), 'news of our own', undefined, () => heard);
  assert.ok(!heard.includes(mark) && !heard.includes('theirs'), heard);
  abort.abort();
  await reading;
});
