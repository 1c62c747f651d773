// A tenant's records: one edited by all, all searched at once, thousands changed by one request.
import { sleep } from '../../harness/eventually.mjs';
import { HostileClient, requestBytes } from '../hostile_client.mjs';

const json = { 'Content-Type': 'application/json' };
const csv = { 'Content-Type': 'text/csv' };

const send = (tenant, method, path, value, headers = {}) => requestBytes({
  method, path, key: tenant.key, headers: { ...json, ...headers }, body: Buffer.from(JSON.stringify(value)),
});

// Contacts of one venue, some of one account.
export async function makeContacts({ api, tenant }, count, more = {}) {
  for (let from = 0; from < count; from += 1_000) {
    const items = Array.from({ length: Math.min(1_000, count - from) }, (_, index) => ({
      id: `c-${from + index}`, first_name: `First ${from + index}`, last_name: `Last ${from + index}`,
      email: `c${from + index}@example.com`, phone: `+336${from + index}`, ...more,
    }));
    await api.post(`/api/venues/${tenant.venue}/contacts/batch`, items);
  }
}

const prepareMany = (context) => makeContacts(context, Math.round(40_000 * context.scale));

// Texts that none has: each search looks at everything.
function searches({ key, venue }, number) {
  const targets = [
    `/api/venues/${venue}/contacts?q=zq${number}x`, `/api/contacts?venue_id=${venue}&q=zq${number}x&sort=name`,
    `/api/venues/${venue}/contacts?email=zq${number}@example.com`, `/api/contacts?q=zq${number}x&sort=-email`,
  ];
  return requestBytes({ path: targets[number % targets.length], key });
}

async function searchesHungUp({ client, tenant, scale }) {
  const who = { key: tenant.readKey, venue: tenant.venue };
  const total = Math.round(2_000 * scale);
  for (let i = 0; i < total && !client.over(); ++i) {
    const socket = client.connect((connected) => connected.write(searches(who, i)));
    setTimeout(() => { socket.resetAndDestroy(); client.hungUp += 1; }, 300);
    if (i % 100 === 99) await sleep(5);
  }
  await sleep(client.left());
}

function searchesAtOnce({ client, tenant }) {
  const who = { key: tenant.readKey, venue: tenant.venue };
  return client.flood((number) => searches(who, number), { connections: 64 });
}

// Pages from the end of what there is, and filters that fit little of it.
async function longLists({ client, tenant, api }) {
  const { venue, key } = tenant;
  const lists = [
    `/api/venues/${venue}/contacts?limit=200`, `/api/contacts?limit=200&sort=email`, `/api/events?limit=200&venue_id=${venue}`,
    `/api/events?limit=200&venue_id=${venue}&event=account.deleted`, `/api/events?limit=200&since=0&until=1`,
    `/api/deliveries?limit=200&status=canceled`, `/api/deliveries?limit=200&status_code=418`,
    `/api/deliveries?limit=200&venue_id=${venue}&event=account.deleted`, `/api/deliveries?limit=200&resource_id=none`,
  ];
  const pages = [];
  for (const list of lists) {
    let cursor = null;
    for (let i = 0; i < 20; ++i) {
      const answer = await api.call('GET', cursor ? `${list}&cursor=${encodeURIComponent(cursor)}` : list);
      if (!answer.body.next_cursor) break;
      cursor = answer.body.next_cursor;
    }
    pages.push(requestBytes({ path: cursor ? `${list}&cursor=${encodeURIComponent(cursor)}` : list, key }));
  }
  await client.flood((number) => pages[number % pages.length], { connections: 32 });
}

async function prepareOne(context) {
  await context.api.contact({ id: 'one' }, {}, context.tenant.venue);
  await context.api.webhook(context.tenant.receiver, { scope: { venue_id: context.tenant.venue } });
}

function editOne({ client, tenant }) {
  return client.flood((number) => send(tenant, 'PATCH', `/api/venues/${tenant.venue}/contacts/one`, { first_name: `N ${number}` }), { connections: 100 });
}

// An account whose deletion edits each of its contacts, in one transaction.
async function prepareAccount(context) {
  const { api, groupApi, tenant, scale } = context;
  for (let i = 0; i < 10; ++i) await groupApi.webhook(`${tenant.receiver}/${i}`, { scope: { venue_id: tenant.venue } });
  context.accounts = [];
  for (let i = 0; i < 3; ++i) {
    const id = `account-${i}`;
    await api.account({ id, name: 'Large' }, {}, tenant.venue);
    const count = Math.round(9_000 * scale);
    for (let from = 0; from < count; from += 1_000) {
      const items = Array.from({ length: Math.min(1_000, count - from) }, (_, index) => ({ id: `a${i}-${from + index}`, account_id: id }));
      await api.post(`/api/venues/${tenant.venue}/contacts/batch`, items);
    }
    context.accounts.push(id);
  }
}

async function deleteAccounts({ client, tenant, accounts, api }) {
  for (const id of accounts) {
    if (client.over()) break;
    client.count((await api.call('DELETE', `/api/venues/${tenant.venue}/accounts/${id}`)).status);
  }
  await sleep(client.left());
}

async function prepareErasure(context) {
  const { tenant, groupApi, scale } = context;
  await groupApi.webhook(tenant.receiver, { scope: { venue_id: tenant.venue } });
  await makeContacts(context, Math.round(3_000 * scale));
  await makeContacts(context, Math.round(3_000 * scale), { city: 'Paris' });
}

function eraseAll({ client, tenant }) {
  return client.flood((number) => requestBytes({
    method: 'DELETE', path: `/api/venues/${tenant.venue}/contacts/c-${number % 3_000}?erase=true`, key: tenant.key,
  }), { connections: 16 });
}

// Erasing looks for the contact in all that waits to be sent.
async function prepareErasureOfOwed(context) {
  const { tenant, groupApi, receiver, scale } = context;
  receiver.delayMs = 4_000;
  for (let i = 0; i < 90; ++i) {
    await groupApi.call('POST', '/api/webhooks', {
      name: `Slow ${i}`, url: `http://127.${60 + i}.1.1:${receiver.port}/`, events: ['contact.created'], scope: { venue_id: tenant.venue }, max_concurrent: 1,
    });
  }
  await makeContacts(context, Math.round(3_000 * scale));
}

function file(rows, rowBytes) {
  const lines = ['id,first_name,email,city'];
  for (let i = 0; i < rows; ++i) lines.push(`row-${i},F${i},f${i}@example.com,`.padEnd(rowBytes, 'c'));
  return Buffer.from(`${lines.join('\n')}\n`);
}

// Files of nearly 20 MiB, begun and canceled, four at a time.
async function imports({ client, tenant, api }) {
  const body = file(95_000, 200);
  const one = async () => {
    while (!client.over()) {
      const answer = await api.call('POST', `/api/venues/${tenant.venue}/imports?kind=contact`, body, csv);
      client.count(answer.status);
      if (answer.status !== 201) { await sleep(50); continue; }
      await sleep(Math.min(100, client.left()));
      await api.call('POST', `/api/imports/${answer.body.id}/cancel`, {});
    }
  };
  await Promise.all([one(), one(), one(), one()]);
}

// Answers that are kept for a day, by as many names as there are requests.
function idempotencyKeys({ client, tenant }) {
  const items = Array.from({ length: 200 }, (_, index) => ({ id: `kept-${index}`.padEnd(120, 'k'), first_name: 'Kept' }));
  const body = Buffer.from(JSON.stringify(items));
  return client.flood((number) => requestBytes({
    method: 'POST', path: `/api/venues/${tenant.venue}/contacts/batch`, key: tenant.key, body,
    headers: { ...json, 'Idempotency-Key': `${number}-`.padEnd(250, 'i') },
  }), { connections: 16 });
}

// Batches as large as may be, of what was changed by the one before.
async function batches({ client, tenant }) {
  const requests = ['a', 'b'].map((fill) => send(tenant, 'POST', `/api/venues/${tenant.venue}/contacts/batch`,
    Array.from({ length: 1_000 }, (_, index) => ({
      id: `batch-${index}`, ...Object.fromEntries(['first_name', 'last_name', 'phone', 'title', 'address_line_1', 'address_line_2', 'city', 'country']
        .map((name) => [name, fill.repeat(1_000)])),
    }))));
  const other = new HostileClient(tenant.url, client.until);
  await Promise.all([
    client.flood((number) => requests[number % 2], { connections: 4 }),
    other.hangUp(requests[0], { connections: 2, afterMs: 30 }),
  ]);
  other.close();
}

export const scenarios = [
  { name: 'searches-hung-up', what: '2,000 searches by a read key, hung up after 0.3 s', prepare: prepareMany, attack: searchesHungUp },
  { name: 'searches-at-once', what: '64 connections search for what is not there', prepare: prepareMany, attack: searchesAtOnce },
  { name: 'long-lists', what: 'the ends of long lists, and filters that fit nothing', prepare: prepareMany, attack: longLists },
  { name: 'one-contact', what: '100 connections edit one contact', prepare: prepareOne, attack: editOne },
  { name: 'large-accounts', what: 'accounts deleted that thousands of contacts belong to', prepare: prepareAccount, attack: deleteAccounts },
  { name: 'erasures', what: 'contacts erased without pause', prepare: prepareErasure, attack: eraseAll },
  { name: 'erasures-of-owed', what: 'contacts erased that 90 slow webhooks are owed', prepare: prepareErasureOfOwed, attack: eraseAll },
  { name: 'imports', what: 'files of 19 MB imported and canceled, four at a time', attack: imports },
  { name: 'idempotency-keys', what: 'batches by ever new idempotency keys', attack: idempotencyKeys },
  { name: 'large-batches', what: 'batches of 8 MB in a loop, some hung up', attack: batches },
];
