// Bodies that a client makes the server read or keep: bodies that cost much to parse, bodies without an end, answers
// that nobody reads, connections that say nothing.
import { sleep } from '../../harness/eventually.mjs';
import { requestBytes } from '../hostile_client.mjs';
import { deep, LargestRequests, nested } from '../largest_request.mjs';

const json = { 'Content-Type': 'application/json' };
const mebibyte = 1024 * 1024;

async function makeObjectField({ groupApi, tenant }) {
  const field = await groupApi.post('/api/fields', { collection: 'clients', label: 'Free', type: 'object', venue_id: tenant.venue });
  return field.code;
}

const membersOf = (bytes) => new LargestRequests({}, {}).manyMembers(bytes);

// Bodies of an object with so many members, alone and in a batch.
async function prepareMembers(context) {
  const code = await makeObjectField(context);
  await context.api.contact({ id: 'one' }, {}, context.tenant.venue);
  const { tenant: { key, venue } } = context;
  const send = (method, path, value) =>
    requestBytes({ method, path, key, headers: json, body: Buffer.from(JSON.stringify(value)) });
  context.requests = [
    send('PATCH', `/api/venues/${venue}/contacts/one`, { [code]: membersOf(0.84 * mebibyte) }),
    send('PATCH', `/api/venues/${venue}/contacts/one`, { [code]: membersOf(60 * 1024) }),
    send('POST', `/api/venues/${venue}/contacts/batch`, [{ id: 'two', [code]: membersOf(1.75 * mebibyte) }]),
    send('POST', '/api/events', { event: 'contact.created', venue_id: venue, data: { id: 'x', many: membersOf(0.9 * mebibyte) } }),
  ];
}

function prepareShapes(context) {
  const { tenant: { key, venue } } = context;
  const batch = (body) => requestBytes({ method: 'POST', path: `/api/venues/${venue}/contacts/batch`, key, headers: json, body });
  context.requests = [
    batch(nested(15 * mebibyte)), batch(deep(15 * mebibyte)),
    batch(Buffer.from(`[${'0,'.repeat(7 * mebibyte)}0]`)),
    batch(Buffer.from(`["${'\\u00e9'.repeat(2.5 * mebibyte)}"]`)),
    batch(Buffer.from(`[{"id":"${'i'.repeat(15 * mebibyte)}"}]`)),
  ];
}

const inTurn = ({ client, requests }, connections) =>
  client.flood((number) => requests[number % requests.length], { connections });

// To a route that reads up to 16 MiB, whole but for the last byte.
const unfinished = (keyOf) => async ({ client, tenant, scale }) => {
  const path = `/api/venues/${tenant.venue}/contacts/batch`;
  const bytes = 16 * mebibyte;
  const head = requestBytes({ method: 'POST', path, key: keyOf(tenant), headers: json, length: bytes });
  const most = Buffer.concat([head, Buffer.alloc(bytes - 1, ' ')]);
  await client.hold(most, { connections: Math.round(60 * scale), perTurn: 4 });
  await sleep(client.left());
};

// Chunked, so that no length tells what comes.
async function endlessChunks({ client, tenant, scale }) {
  const head = requestBytes({
    method: 'POST', path: `/api/venues/${tenant.venue}/imports?kind=contact`, key: tenant.key,
    headers: { 'Content-Type': 'text/csv', 'Transfer-Encoding': 'chunked' },
  });
  const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, 'c'), Buffer.from('\r\n')]);
  const most = Buffer.concat([head, ...Array.from({ length: 300 }, () => chunk)]);
  await client.hold(most, { connections: Math.round(60 * scale), perTurn: 4 });
  await sleep(client.left());
}

// A page of 200 contacts of some 60 KiB each: 12 MB an answer.
async function prepareLargeContacts(context) {
  const code = await makeObjectField(context);
  const value = { text: 't'.repeat(60 * 1024) };
  const { api, tenant: { venue } } = context;
  for (let from = 0; from < 200; from += 50) {
    const items = Array.from({ length: 50 }, (_, index) => ({ id: `large-${from + index}`, [code]: value }));
    await api.post(`/api/venues/${venue}/contacts/batch`, items);
  }
}

function unread({ client, tenant, scale }) {
  const request = requestBytes({ path: `/api/venues/${tenant.venue}/contacts?limit=200`, key: tenant.key });
  return client.readNothing(request, { connections: Math.round(100 * scale), requestsEach: 3 });
}

// Up to what the server takes; the neighbours' looks at /healthz come on connections of their own.
async function idle({ client, scale }) {
  await client.hold('', { connections: Math.round(16_050 * scale), perTurn: 400 });
  await sleep(client.left());
}

function pipelined({ client, tenant }) {
  const one = requestBytes({ path: `/api/venues/${tenant.venue}`, key: tenant.key });
  const many = Buffer.concat(Array.from({ length: 5_000 }, () => one));
  return client.readNothing(many, { connections: 8, requestsEach: 4 });
}

function headers({ client, tenant }) {
  const many = Object.fromEntries(Array.from({ length: 190 }, (_, index) => [`X-${index}`, 'h'.repeat(150)]));
  const request = requestBytes({ path: '/api/webhooks', key: tenant.key, headers: many });
  return client.flood(() => request, { connections: 16 });
}

export const scenarios = [
  { name: 'many-members', what: 'objects of so many members that finding each by looking at all takes minutes', prepare: prepareMembers, attack: (context) => inTurn(context, 4) },
  { name: 'shapes', what: 'batches of 15 MiB: empty arrays, depth, numbers, escapes, one long id', prepare: prepareShapes, attack: (context) => inTurn(context, 3) },
  { name: 'unfinished-bodies', what: '60 bodies of 16 MiB without a key that lack their last byte', attack: unfinished(() => undefined) },
  { name: 'unfinished-bodies-with-key', what: '60 bodies of 16 MiB with a key that lack their last byte', attack: unfinished(({ key }) => key) },
  { name: 'endless-chunks', what: '60 files of 20 MB in chunks, without an end', attack: endlessChunks },
  { name: 'unread-answers', what: '100 connections that ask for 12 MB thrice and read nothing', prepare: prepareLargeContacts, attack: unread },
  { name: 'idle-connections', what: '16,050 connections that say nothing', attack: idle },
  { name: 'pipelined', what: 'requests by the thousand on one connection, unread', attack: pipelined },
  { name: 'many-headers', what: 'requests of 190 headers', attack: headers },
];
