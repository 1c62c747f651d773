// A tenant's requests: to receivers that are slow, silent or absent, again and again; and its streams, statistics and
// test deliveries.
import net from 'node:net';

import { sleep } from '../../harness/eventually.mjs';
import { HostileClient, requestBytes } from '../hostile_client.mjs';
import { startEndlessHeads } from '../hostile_receiver.mjs';
import { makeContacts } from './records.mjs';

const json = { 'Content-Type': 'application/json' };

const send = (tenant, method, path, value) => requestBytes({
  method, path, key: tenant.key, headers: json, body: Buffer.from(JSON.stringify(value)),
});

// Webhooks, each at an address of its own, up to what the server allows: of the first venue and of the group in turn, so
// that a change there is owed to as many as may be, then of the other venues. Gives the venues that have some.
async function makeReceivers({ groupApi, tenant, receiver }, count, port = receiver.port) {
  const scopes = [{ venue_id: tenant.venue }, { venues_group_id: tenant.group }, ...tenant.venues.slice(1).map((id) => ({ venue_id: id }))];
  const venues = new Set();
  let made = 0;
  const one = async (scope) => {
    const number = made++;
    const url = `http://127.${40 + (number >> 8)}.${number & 255}.1:${port}/`;
    const answer = await groupApi.call('POST', '/api/webhooks', { name: `Slow ${number}`, url, events: ['contact.created', 'contact.updated'], scope });
    if (answer.status === 201) venues.add(scope.venue_id ?? tenant.venue);
    else made -= 1;
    return answer.status;
  };
  for (const scope of scopes) {
    while (made < count) {
      const statuses = await Promise.all(Array.from({ length: Math.min(20, count - made) }, () => one(scope)));
      if (statuses.some((status) => status >= 400)) break;  // that is all that the scope may have
    }
  }
  if (venues.size === 0) throw new Error('the server took none of the webhooks');
  return [...venues];
}

const changes = ({ client, tenant }, connections = 4) =>
  client.flood(() => send(tenant, 'POST', `/api/venues/${tenant.venue}/contacts`, { first_name: 'Owed' }), { connections });

// Twenty contacts at a time, at a rate, so that what is owed is not all the writer's load; of each venue in turn.
async function someChanges({ client, venues, groupApi }, everyMs, countMax) {
  for (let i = 0; i < countMax && !client.over(); ++i) {
    const items = Array.from({ length: 20 }, (_, index) => ({ id: `owed-${i}-${index}`, first_name: `Owed ${i}` }));
    client.count((await groupApi.call('POST', `/api/venues/${venues[i % venues.length]}/contacts/batch`, items)).status);
    await sleep(Math.min(everyMs, client.left()));
  }
  await sleep(client.left());
}

async function prepareSlow(context) {
  context.receiver.delayMs = 4_000;
  context.venues = await makeReceivers(context, Math.round(1_600 * context.scale));
}

// A port that nobody listens at.
async function prepareRefusing(context) {
  const port = await new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address();
      server.close(() => resolve(free));
    });
  });
  context.venues = await makeReceivers(context, Math.round(1_000 * context.scale), port);
}

async function prepareOwed(context) {
  const { groupApi, tenant, scale } = context;
  context.webhook = (await groupApi.webhook(tenant.receiver, { scope: { venue_id: tenant.venue } })).id;
  await makeContacts(context, Math.round(20_000 * scale));
  await sleep(1_000);
}

// Everything that was ever delivered, again, and again canceled.
async function replays({ client, api, webhook }) {
  while (!client.over()) {
    const answer = await api.call('POST', `/api/webhooks/${webhook}/replay`, { status: ['delivered', 'failed', 'canceled'] });
    client.count(answer.status);
    await sleep(Math.min(200, client.left()));
    if (answer.status === 201) await api.call('POST', `/api/replays/${answer.body.id}/cancel`, {});
    else await sleep(20);
  }
}

async function redeliveries({ client, api, tenant }) {
  const ids = (await api.deliveries()).map((delivery) => delivery.id);
  await client.flood((number) => send(tenant, 'POST', `/api/deliveries/${ids[number % ids.length]}/redeliver`, {}), { connections: 16 });
}

async function prepareTests(context) {
  context.receiver.delayMs = 4_500;
  const { api, tenant } = context;
  context.webhook = (await api.webhook(tenant.receiver, { scope: { venue_id: tenant.venue } })).id;
}

function tests({ client, tenant, webhook, scale }) {
  return client.flood(() => send(tenant, 'POST', `/api/webhooks/${webhook}/test`, { event: 'contact.created' }), { connections: Math.round(400 * scale) });
}

// More streams than there is room for, by one read key; nobody reads them.
async function streams({ client, tenant }) {
  const request = requestBytes({ path: '/api/stream', key: tenant.readKey });
  await Promise.all([client.readNothing(request, { connections: 300, requestsEach: 1 }), changes({ client, tenant })]);
}

function statistics({ client, tenant, webhook }) {
  const targets = ['30d', '7d', '24h'].flatMap((window) =>
    [`/api/webhooks/${webhook}/stats?window=${window}`, `/api/stats?limit=200&window=${window}`]);
  return client.flood((number) => requestBytes({ path: targets[number % targets.length], key: tenant.key }), { connections: 32 });
}

// The server sends to itself: an inbox that never answers holds a connection at both ends.
async function prepareInboxes(context) {
  const { api, groupApi, tenant } = context;
  context.tokens = [];
  for (let i = 0; i < 40; ++i) {
    const behaviour = ['silent', 'slow', 'ok', 'error'][i % 4];
    const answer = await api.call('POST', '/api/inboxes', { scope: { venue_id: tenant.venue }, answer: { behaviour } });
    if (answer.status !== 201) break;
    context.tokens.push(new URL(answer.body.url).pathname);
    await groupApi.call('POST', '/api/webhooks', { name: 'Inbox', url: answer.body.url, events: ['contact.created'], scope: { venue_id: tenant.venue } });
  }
}

async function inboxes({ client, tenant, tokens }) {
  const body = Buffer.alloc(1024 * 1024 - 10, 'b');
  await Promise.all([
    changes({ client, tenant }),
    client.flood((number) => requestBytes({ method: 'POST', path: tokens[number % tokens.length], body }), { connections: 64 }),
  ]);
}

function signIns({ client }) {
  return client.flood((number) => requestBytes({
    method: 'POST', path: '/api/session', headers: json,
    body: Buffer.from(JSON.stringify({ email: `nobody${number}@example.com`, password: 'p'.repeat(1_000) })),
  }), { connections: 64 });
}

// Nearly 64 KiB of a head for each attempt that is under way, kept until its time is over.
async function prepareEndlessHeads(context) {
  context.venues = await makeReceivers(context, Math.round(400 * context.scale), await startEndlessHeads(60_000));
}

// All of one resource waits behind a retry that never succeeds, and others go on: what is to be sent next is looked for
// among what waits.
async function prepareStrict(context) {
  const { api, groupApi, tenant, receiver, scale } = context;
  receiver.status = 500;
  context.webhooks = [];
  for (let i = 0; i < 4; ++i) {
    const webhook = await groupApi.webhook(`${tenant.receiver}/${i}`, { scope: { venue_id: tenant.venue }, ordering: 'strict' });
    context.webhooks.push(webhook.id);
  }
  await api.contact({ id: 'stuck' }, {}, tenant.venue);
  await sleep(300);
  const { key } = tenant;
  const client = new HostileClient(tenant.url, Date.now() + 8_000);
  await client.flood((number) => send({ key }, 'PATCH', `/api/venues/${tenant.venue}/contacts/stuck`, { first_name: `N ${number}` }),
    { connections: 4, requestsMax: Math.round(10_000 * scale) });
  client.close();
}

async function strictRetries({ client, tenant, webhooks }) {
  await Promise.all([
    changes({ client, tenant }, 8),
    client.flood((number) => send(tenant, 'PATCH', `/api/webhooks/${webhooks[number % 4]}`, { enabled: number % 2 === 0 }), { connections: 2 }),
  ]);
}

// 500,000 deliveries that 200 webhooks are owed, whose receivers never answer.
async function prepareDiscards(context) {
  const { api, tenant, receiver } = context;
  receiver.delayMs = 3_600_000;
  await makeReceivers(context, 200);
  const contacts = Math.round(2_500 * context.scale);
  for (let made = 0; made < contacts; made += 500) {
    const items = Array.from({ length: Math.min(500, contacts - made) }, (_, index) => ({ id: `owed-${made + index}`, first_name: 'Owed' }));
    await api.post(`/api/venues/${tenant.venue}/contacts/batch`, items);
  }
  context.webhooks = (await context.groupApi.get('/api/webhooks?limit=200')).data.map(({ id }) => id);
}

async function discards({ client, groupApi, webhooks }) {
  await Promise.all(webhooks.map(async (id) => client.count((await groupApi.call('POST', `/api/webhooks/${id}/discard`, {})).status)));
  await sleep(client.left());
}

// A change's payload of 60 KB, to as many webhooks as may be.
async function prepareLarge(context) {
  await makeReceivers(context, Math.round(200 * context.scale));
}

function largeEvents({ client, tenant }) {
  const text = 't'.repeat(60 * 1024);
  return client.flood((number) => send(tenant, 'POST', '/api/events', {
    event: 'contact.updated', venue_id: tenant.venue, data: { id: `large-${number % 500}`, text },
  }), { connections: 16 });
}

// Deliveries under way stay in memory for as long as the receivers want.
async function prepareLargeSlow(context) {
  context.receiver.delayMs = 4_000;
  await prepareLarge(context);
}

export const scenarios = [
  { name: 'slow-receivers', what: '1,600 receivers that answer after 4 s', prepare: prepareSlow, attack: (context) => someChanges(context, 50, 1_000) },
  { name: 'refusing-receivers', what: '1,000 webhooks of ports that nobody listens at', prepare: prepareRefusing, attack: (context) => someChanges(context, 50, 1_000) },
  { name: 'endless-heads', what: '400 receivers that send a head of 60 KB without its end', prepare: prepareEndlessHeads, attack: (context) => someChanges(context, 100, 500) },
  { name: 'strict-retries', what: '10,000 changes of one contact behind a retry of strict webhooks', prepare: prepareStrict, attack: strictRetries },
  { name: 'replays', what: 'all that was ever delivered replayed and canceled in a loop', prepare: prepareOwed, attack: replays },
  { name: 'redeliveries', what: 'the same 200 deliveries again and again', prepare: prepareOwed, attack: redeliveries },
  { name: 'test-deliveries', what: '400 test deliveries at once to a slow receiver', prepare: prepareTests, attack: tests },
  { name: 'streams', what: 'a read key opens 300 streams and reads none', attack: streams },
  { name: 'statistics', what: 'all statistics of 30 days, by 32 connections', prepare: prepareOwed, attack: statistics },
  { name: 'inboxes', what: 'inboxes that never answer, bodies of 1 MiB to them', prepare: prepareInboxes, attack: inboxes },
  { name: 'sign-ins', what: 'wrong passwords by 64 connections', attack: signIns },
  { name: 'large-discards', what: '200 discards at once of 500,000 deliveries', prepare: prepareDiscards, attack: discards },
  { name: 'large-events', what: 'events of 60 KB to as many webhooks as may be', prepare: prepareLarge, attack: largeEvents },
  { name: 'large-events-slow', what: 'the same, to receivers that answer after 4 s', prepare: prepareLargeSlow, attack: largeEvents },
];
