// Memory of the real program while clients send what they have no right to, read nothing, or hold connections.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import test from 'node:test';

import { eventually, sleep } from '../harness/eventually.mjs';
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
