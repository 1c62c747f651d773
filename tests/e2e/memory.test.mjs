// Memory of the real program while clients send what they have no right to, read nothing, or hold connections.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import test from 'node:test';

import { eventually, sleep } from '../harness/eventually.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { quickFlags, Shakehook } from '../harness/shakehook.mjs';

const mib = 1024 * 1024;
const contacts = '/api/venues/venue123/contacts';

async function residentMib(server) {
  const status = await readFile(`/proc/${server.process.child.pid}/status`, 'utf8');
  return Number(status.match(/^VmRSS:\s+(\d+) kB/m)[1]) / 1024;
}

// A connection with what it was told; written to it is what it takes.
function connect(t, server, text) {
  const client = { told: '', closed: false, socket: net.connect(new URL(server.url).port, '127.0.0.1') };
  client.socket.setEncoding('latin1').on('data', (piece) => { client.told += piece; });
  client.socket.on('error', () => {}).on('close', () => { client.closed = true; });
  client.socket.write(text);
  t.after(() => client.socket.destroy());
  return client;
}

const post = (path, bytes, more = '') => `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${more}Content-Length: ${bytes}\r\n\r\n`;

test('unfinished large bodies without a key take no memory', async (t) => {
  const server = await Shakehook.start(t);
  await server.api.venue();
  const before = await residentMib(server);
  const half = '[' + ' '.repeat(15 * mib);
  const clients = Array.from({ length: 60 }, (_, i) => connect(t, server, post(`${contacts}/batch`, 16 * mib,
    i % 2 === 0 ? '' : 'Authorization: Bearer nobody-has-this-key\r\n') + half));
  await eventually(() => clients.every((client) => client.told.startsWith('HTTP/1.1 401')), 'refusals', 20_000,
    () => clients.map((client) => client.told.slice(0, 12)).join());
  assert.ok(await residentMib(server) - before < 60, `${before} -> ${await residentMib(server)} MiB`);
  assert.equal((await server.api.call('GET', '/readyz')).status, 200);
});

test('open routes read nothing large', async (t) => {
  const server = await Shakehook.start(t);
  for (const path of ['/api/session', '/api/setup', '/inbox/none', '/nowhere']) {
    const client = connect(t, server, post(path, mib) + ' '.repeat(1000));
    await eventually(() => client.told.includes('\r\n\r\n'), `answer of ${path}`);
    assert.match(client.told, /^HTTP\/1\.1 413 /, path);
  }
});

test('unfinished bodies with a key stay within the budget, and another tenant is served', async (t) => {
  const server = await Shakehook.start(t);
  await server.api.venue();
  await server.api.venue('venue2');
  const key = (await server.api.post('/api/api-keys', { name: 'k', scope: { venue_id: 'venue123' } })).key;
  const other = (await server.api.post('/api/api-keys', { name: 'k', scope: { venue_id: 'venue2' } })).key;
  const before = await residentMib(server);
  const half = '[' + ' '.repeat(15 * mib);
  const clients = Array.from({ length: 40 }, () => connect(t, server, post(`${contacts}/batch`, 16 * mib, `Authorization: Bearer ${key}\r\n`) + half));
  await sleep(1_500);
  assert.ok(await residentMib(server) - before < 200, `${before} -> ${await residentMib(server)} MiB`);
  const asked = Date.now();
  const items = JSON.stringify(Array.from({ length: 1000 }, (_, i) => ({ id: `c${i}`, city: 'x'.repeat(900) })));
  const batch = await server.api.call('POST', '/api/venues/venue2/contacts/batch', items, { Authorization: `Bearer ${other}` });
  assert.equal(batch.status, 200, JSON.stringify(batch.body));
  assert.ok(Date.now() - asked < 5_000);
  clients.forEach((client) => client.socket.destroy());
  await eventually(async () => (await server.api.call('POST', `${contacts}/batch`, items, { Authorization: `Bearer ${key}` })).status === 200, 'place again', 25_000);
});

test('answers that nobody reads stay within the budget', async (t) => {
  const server = await Shakehook.start(t);
  await server.api.venue();
  const field = await server.api.post('/api/fields', { collection: 'clients', label: 'Notes', type: 'object', venue_id: 'venue123' });
  const items = Array.from({ length: 200 }, (_, i) => ({ id: `c${i}`, [field.code]: { note: 'x'.repeat(60_000) } }));
  await server.api.post(`${contacts}/batch`, items);
  const before = await residentMib(server);
  const sockets = [];
  for (let i = 0; i < 100; ++i) {
    const socket = net.connect(new URL(server.url).port, '127.0.0.1');
    t.after(() => socket.destroy());
    sockets.push(socket);
    socket.write(`GET ${contacts}?limit=200 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${server.adminKey}\r\n\r\n`);
    // The first of it has come; the rest is not read.
    await new Promise((resolve) => socket.on('error', resolve).on('close', resolve).once('readable', resolve));
  }
  const after = await residentMib(server);
  assert.ok(after < 400, `${before} -> ${after} MiB`);
  await eventually(async () => (await server.api.call('GET', `${contacts}?limit=200`)).status === 200, 'an answer for who reads');
  sockets.forEach((socket) => socket.destroy());
});

test('connections that say nothing keep nobody out', async (t) => {
  const server = await Shakehook.start(t, { flags: { ...quickFlags } });
  const limit = Number((await readFile(`/proc/${server.process.child.pid}/limits`, 'utf8')).match(/Max open files\s+(\d+)/)[1]);
  const room = Math.min(16_000, (limit - 2_000) / 2);
  const own = Number((await readFile('/proc/self/limits', 'utf8')).match(/Max open files\s+(\d+)/)[1]);
  if (own < room + 500) return t.skip(`${room} connections are more than this machine lets a process open (${own})`);
  const sockets = [];
  t.after(() => sockets.forEach((socket) => socket.destroy()));
  while (sockets.length < room + 100) {
    await Promise.all(Array.from({ length: 200 }, () => new Promise((resolve) => {
      const socket = net.connect(new URL(server.url).port, '127.0.0.1', resolve);
      socket.on('error', resolve);
      sockets.push(socket);
    })));
  }
  const asked = Date.now();
  const status = await new Promise((resolve, reject) => {
    http.get(`${server.url}/healthz`, { agent: false }, (response) => resolve(response.resume().statusCode)).on('error', reject);
  });
  assert.equal(status, 200);
  assert.ok(Date.now() - asked < 3_000);
});

async function peakMib(server) {
  const status = await readFile(`/proc/${server.process.child.pid}/status`, 'utf8');
  return Number(status.match(/^VmHWM:\s+(\d+) kB/m)[1]) / 1024;
}

// Where there is no room, a client that takes nothing for a second is cut off, as this one may be on a busy machine.
function orCutOff(error) {
  if (error.message === 'terminated') return { status: 'cut off' };
  throw error;
}

// 200 contacts of 60 KB in venue123, of the account `account`; and the code of the field that makes them large.
async function largeRecords(server, count = 200) {
  await server.api.venue();
  await server.api.account({ id: 'account', name: 'Account' });
  const field = await server.api.post('/api/fields', { collection: 'clients', label: 'Notes', type: 'object', venue_id: 'venue123' });
  for (let i = 0; i < count; i += 100) {
    await server.api.post(`${contacts}/batch`, Array.from({ length: 100 }, (_, n) => ({ id: `c${i + n}`, account_id: 'account', [field.code]: { note: 'x'.repeat(60_000) } })));
  }
}

// Two thirds of the goal of 400 MB: what is not measured here (deliveries, many tenants at once) needs its place, too.
const peakMibMax = 320;

test('100 large lists at once are answered one after the other, in little memory', { timeout: 120_000 }, async (t) => {
  const server = await Shakehook.start(t);
  await largeRecords(server);
  await server.api.venue('other');
  const other = (await server.api.post('/api/api-keys', { name: 'k', scope: { venue_id: 'other' } })).key;
  const lists = [`${contacts}?limit=200`, '/api/contacts?venue_id=venue123&limit=200', '/api/events?venue_id=venue123&limit=200', '/api/contacts?venue_id=venue123&limit=200&sort=name'];
  let over = false;
  let longest = 0;
  const neighbour = (async () => {
    while (!over) {
      const asked = Date.now();
      const response = await server.api.call('GET', '/api/venues/other/contacts', undefined, { Authorization: `Bearer ${other}` });
      assert.equal(response.status, 200, JSON.stringify(response.body));
      longest = Math.max(longest, Date.now() - asked);
    }
  })();
  const ask = async (list) => {
    const response = await fetch(server.url + list, { headers: { Authorization: `Bearer ${server.adminKey}` } });
    let bytes = 0;
    for await (const piece of response.body) bytes += piece.length;
    return { status: response.status, bytes, retry: response.headers.get('retry-after') };
  };
  const responses = await Promise.all(Array.from({ length: 100 }, (_, i) => ask(lists[i % lists.length]).catch(orCutOff)));
  over = true;
  await neighbour;
  for (const { status, bytes, retry } of responses) {
    assert.ok(status === 200 ? bytes > 11e6 : status === 'cut off' || (status === 503 && retry !== null), `${status} ${bytes}`);
  }
  assert.ok(responses.filter(({ status }) => status === 200).length >= 50, JSON.stringify(responses.map(({ status }) => status)));
  const peak = await peakMib(server);
  t.diagnostic(`peak ${peak.toFixed(0)} MiB, ${responses.filter(({ status }) => status === 200).length} answered, the neighbour waited ${longest} ms`);
  assert.ok(peak < peakMibMax, `${peak} MiB`);
  assert.ok(longest < 2_000, `a neighbour waited ${longest} ms`);
});

test('small patches of large records take little memory', { timeout: 120_000 }, async (t) => {
  const server = await Shakehook.start(t);
  await largeRecords(server);
  const responses = await Promise.all(Array.from({ length: 64 }, (_, n) => server.api.call('POST', `${contacts}/batch`,
    Array.from({ length: 200 }, (_, i) => ({ id: `c${i}`, city: `city ${n}` })))));
  for (const { status, body } of responses) assert.ok(status === 200 || status === 503, JSON.stringify(body).slice(0, 300));
  assert.ok(responses.some(({ status }) => status === 200));
  const peak = await peakMib(server);
  t.diagnostic(`peak ${peak.toFixed(0)} MiB, ${responses.filter(({ status }) => status === 200).length} of 64 done`);
  assert.ok(peak < peakMibMax, `${peak} MiB`);
});

test('what is too much for one transaction is refused before it is built', { timeout: 120_000 }, async (t) => {
  const server = await Shakehook.start(t);
  await largeRecords(server, 700);
  const batch = await server.api.call('POST', `${contacts}/batch`, Array.from({ length: 700 }, (_, i) => ({ id: `c${i}`, city: 'Lyon' })));
  assert.equal(batch.status, 413);
  assert.match(batch.body.detail, /more than 32 MiB/);
  const account = await Promise.all(Array.from({ length: 8 }, () => server.api.call('DELETE', '/api/venues/venue123/accounts/account')));
  for (const { status, body } of account) assert.ok(status === 409 || status === 503, JSON.stringify(body));
  assert.ok(account.some(({ body }) => /more than 10000 contacts, or more than 32 MiB/.test(body.detail)));
  // In parts it goes.
  for (let i = 0; i < 700; i += 350) {
    assert.equal((await server.api.call('POST', `${contacts}/batch`, Array.from({ length: 350 }, (_, n) => ({ id: `c${i + n}`, account_id: null })))).status, 200);
  }
  assert.equal((await server.api.call('DELETE', '/api/venues/venue123/accounts/account')).status, 204);
  const peak = await peakMib(server);
  t.diagnostic(`peak ${peak.toFixed(0)} MiB`);
  assert.ok(peak < peakMibMax, `${peak} MiB`);
});

test('options of custom fields have their bound', { timeout: 120_000 }, async (t) => {
  const server = await Shakehook.start(t);
  await server.api.venue();
  const data = Array.from({ length: 500 }, (_, i) => ({ label: `Option ${i} `.padEnd(250, 'o'), value: `${i} `.padEnd(250, 'v') }));
  const make = (label) => server.api.call('POST', '/api/fields', { collection: 'clients', label, type: 'multiselect', data, venue_id: 'venue123' });
  let made = 0;
  for (;;) {
    const response = await make(`F${made}`);
    if (response.status === 409) {
      assert.match(response.body.detail, /options of all custom fields .* 8 MiB/);
      break;
    }
    assert.equal(response.status, 201);
    made += 1;
    assert.ok(made < 60);
  }
  assert.ok(made > 20, `${made} fields`);
  const { data: fields } = await server.api.get('/api/fields?venue_id=venue123&limit=200');
  assert.equal(fields.length, made);
  // An edit that makes it no larger goes on, and so does a field without options.
  assert.equal((await server.api.call('PATCH', `/api/fields/${fields[0].code}`, { label: 'Other', data: data.slice(1) })).status, 200);
  await server.api.post('/api/fields', { collection: 'clients', label: 'Text', type: 'text', venue_id: 'venue123' });
  const lists = await Promise.all(Array.from({ length: 64 }, () => server.api.call('GET', '/api/fields?venue_id=venue123&limit=200').catch(orCutOff)));
  assert.ok(lists.every(({ status }) => [200, 503, 'cut off'].includes(status)));
  assert.ok(lists.some(({ status }) => status === 200));
  assert.ok(await peakMib(server) < peakMibMax, `${await peakMib(server)} MiB`);
});

// Gives the process `more` bytes of memory that it can write beyond what it has, and what its allocator holds in advance counts only as it
// is taken; null: as much as it likes. False: that cannot be done here.
async function limitMemory(server, more) {
  const { pid } = server.process.child;
  const size = Number((await readFile(`/proc/${pid}/status`, 'utf8')).match(/^VmData:\s+(\d+) kB/m)[1]) * 1024;
  return spawnSync('prlimit', ['--pid', `${pid}`, `--data=${more === null ? 'unlimited' : size + more}:`]).status === 0;
}

test('where the system gives no memory, requests and connections are refused and nothing is lost', { timeout: 180_000 }, async (t) => {
  const server = await Shakehook.start(t);
  const receiver = await Receiver.start(t);
  await largeRecords(server);
  await server.api.venue('other');
  await server.api.webhook(receiver.url, { scope: { venue_id: 'other' } });
  if (!await limitMemory(server, null)) return t.skip('needs prlimit');
  let over = false;
  const counts = { answered: 0, refused: 0, closed: 0 };
  const made = [];
  const ask = async (name, what) => {
    for (let round = 0; !over; ++round) {
      const id = `n${name}-${round}`;
      try {
        let response;
        if (what === 0) response = await server.api.call('POST', `${contacts}/batch`, '[' + ' '.repeat(4 * mib) + ']');
        else if (what === 1) response = await server.api.call('GET', `${contacts}?limit=200`);
        else if (what === 2) response = await server.api.call('GET', '/api/events?venue_id=venue123&limit=200');
        else response = await server.api.call('POST', '/api/venues/other/contacts', { id, first_name: id });
        if (response.status === 503) counts.refused += 1; else counts.answered += 1;
        if (response.status === 201) made.push(id);
      } catch {
        counts.closed += 1;
        await sleep(5);
      }
    }
  };
  let asking = [];
  for (const more of [32, 16, 8, 4, 2, 1, 0]) {
    // A server that has just begun has nothing in hand from earlier requests.
    await server.restart();
    assert.ok(await limitMemory(server, more * mib));
    over = false;
    asking = Array.from({ length: 32 }, (_, i) => ask(`${more}-${i}`, i % 4));
    const idle = Array.from({ length: 300 }, () => connect(t, server, 'GET / HTTP/1.1\r\n'));
    await sleep(1_500);
    idle.forEach(({ socket }) => socket.destroy());
    assert.ok(server.process.running, `with ${more} MiB more it ended: ${server.process.errors.slice(-2000)}`);
    over = true;
    assert.ok(await limitMemory(server, null));
    await Promise.all(asking);
    await eventually(async () => (await server.api.call('GET', '/readyz').catch(() => ({}))).status === 200, 'readiness', 20_000);
    assert.ok(server.process.running, `after ${more} MiB more it ended: ${server.process.errors.slice(-2000)}`);
  }
  t.diagnostic(`${counts.answered} answered, ${counts.refused} refused, ${counts.closed} closed, ${made.length} changes made`);
  assert.ok(counts.refused + counts.closed > 0, 'the limit was never met');
  assert.equal((await server.api.call('GET', `${contacts}?limit=1`)).status, 200);
  const arrived = () => new Set(receiver.requests.map(({ body }) => JSON.parse(body).data.id));
  await eventually(() => made.every((id) => arrived().has(id)), 'deliveries of all that was made', 30_000,
    () => `${made.filter((id) => !arrived().has(id)).length} of ${made.length} are missing`);
  assert.ok(server.process.running);
});
