// The quotas of a key, a tenant and a network address, against the real program.
import assert from 'node:assert/strict';
import net from 'node:net';
import os from 'node:os';
import test from 'node:test';

import { eventually, sleep } from '../harness/eventually.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { quickFlags, run, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';

const contacts = '/api/venues/venue123/contacts';

async function withKeys(t, flags) {
  const server = await Shakehook.start(t, { flags: { ...quickFlags, ...flags } });
  await server.api.venue();
  await server.api.venue('other');
  const keyOf = async (venue) => (await server.api.post('/api/api-keys', { name: 'k', scope: { venue_id: venue } })).key;
  const as = (key) => (method, path, body) => server.api.call(method, path, body, { Authorization: `Bearer ${key}` });
  return { server, as, first: as(await keyOf('venue123')), second: as(await keyOf('venue123')), other: as(await keyOf('other')) };
}

function assertUsedUp(response, pattern) {
  assert.equal(response.status, 429, JSON.stringify(response.body));
  assert.equal(response.body.type, '/docs#problem-quota-used-up');
  assert.match(response.body.detail, pattern);
  assert.ok(Number(response.headers.get('retry-after')) >= 1);
}

test('a key has its requests, and the metrics say who was refused', async (t) => {
  const { server, first, second } = await withKeys(t, { 'key-requests-per-hour': 20 });
  for (let i = 0; i < 20; ++i) assert.equal((await first('GET', contacts)).status, 200);
  assertUsedUp(await first('GET', contacts), /API key or user has used up its quota for an hour: 20 requests/);
  assertUsedUp(await first('POST', contacts, { city: 'Lyon' }), /20 requests/);
  assert.equal((await second('GET', contacts)).status, 200);
  assert.match(await server.api.get('/metrics'), /^shakehook_quota_refusals_total\{what="requests",whose="key"\} 2$/m);
});

test('a tenant has its requests, whatever keys it makes', async (t) => {
  const { first, second, other } = await withKeys(t, { 'tenant-requests-per-hour': 30 });
  for (let i = 0; i < 15; ++i) for (const key of [first, second]) assert.equal((await key('GET', contacts)).status, 200);
  for (const key of [first, second]) assertUsedUp(await key('GET', contacts), /The tenant .* 30 requests/);
  assert.equal((await other('GET', '/api/venues/other/contacts')).status, 200);
});

test('bytes count, of bodies that come and answers that go', async (t) => {
  const { first, second, other } = await withKeys(t, { 'key-bytes-per-hour': 500_000, 'tenant-bytes-per-hour': 'off' });
  const items = Array.from({ length: 900 }, (_, i) => ({ id: `c${i}`, city: 'c'.repeat(900) }));
  assert.equal((await first('POST', `${contacts}/batch`, items)).status, 200);
  assertUsedUp(await first('GET', contacts), /500000 bytes/);
  while ((await second('GET', `${contacts}?limit=200`)).status === 200);
  assertUsedUp(await second('GET', contacts), /500000 bytes/);
  assert.equal((await other('GET', '/api/venues/other/contacts')).status, 200);
});

test('bytes of a stream count, as it goes on', async (t) => {
  const { server, first, second } = await withKeys(t, { 'key-bytes-per-hour': 60_000 });
  const receiver = await Receiver.start(t);
  await server.api.webhook(receiver.url);
  const { key } = await server.api.post('/api/api-keys', { name: 'listens', scope: { venue_id: 'venue123' } });
  const headers = { Authorization: `Bearer ${key}` };
  const stop = new AbortController();
  const stream = await fetch(`${server.url}/api/stream`, { headers, signal: stop.signal });
  assert.equal(stream.status, 200);
  let bytes = 0;
  const read = (async () => { for await (const piece of stream.body) bytes += piece.length; })().catch(() => {});
  // An answer of few bytes.
  const ask = () => server.api.call('GET', `${contacts}/none`, undefined, headers);
  assert.equal((await ask()).status, 404);
  assert.equal((await server.api.call('POST', `${contacts}/batch`, Array.from({ length: 200 }, (_, i) => ({ id: `s${i}` })))).status, 200);
  await eventually(() => bytes > 60_000, 'a quota of bytes', 20_000, () => `${bytes} bytes`);
  await eventually(async () => (await ask()).status === 429, 'the refusal', 3_000);
  assertUsedUp(await ask(), /60000 bytes/);
  for (const key of [first, second]) assert.equal((await key('GET', contacts)).status, 200);
  stop.abort();
  await read;
});

test('rows that are read count', async (t) => {
  const { server, first, second } = await withKeys(t, { 'key-rows-per-hour': 1000 });
  await server.api.post(`${contacts}/batch`, Array.from({ length: 300 }, (_, i) => ({ id: `c${i}` })));
  let lists = 0;
  while ((await first('GET', `${contacts}?limit=200`)).status === 200) lists += 1;
  assert.ok(lists >= 4 && lists <= 6, `${lists} lists of 200`);
  assertUsedUp(await first('GET', contacts), /1000 records/);
  assert.equal((await second('GET', contacts)).status, 200);
});

test('a sync of 100,000 contacts at full speed meets no quota', async (t) => {
  const { first } = await withKeys(t, {});
  for (let batch = 0; batch < 100; batch += 10) {
    const responses = await Promise.all(Array.from({ length: 10 }, (_, n) => first('POST', `${contacts}/batch`, Array.from({ length: 1000 }, (_, i) => ({ id: `c${batch + n}-${i}`, first_name: 'A', email: `a${i}@b.example` })))));
    for (const response of responses) assert.equal(response.status, 200, JSON.stringify(response.body).slice(0, 300));
  }
});

test('a bad quota stops the start with one clear line', async () => {
  const process = run('serve', '--tenant-rows-per-hour', '-1');
  const { code } = await process.exit;
  assert.equal(code, 1);
  assert.match(process.errors, /--tenant-rows-per-hour: "-1" is not a whole number from 1 to \d+, or off/);
});

// An address of this machine that is not a loopback one.
const address = Object.values(os.networkInterfaces()).flat().find((each) => each.family === 'IPv4' && !each.internal)?.address;
const skip = address ? false : 'needs a network interface beside the loopback one';

const open = (host, port) => new Promise((resolve, reject) => {
  const client = { told: '', closed: false, socket: net.connect(port, host, () => resolve(client)) };
  client.socket.setEncoding('latin1').on('data', (piece) => { client.told += piece; });
  client.socket.on('error', reject).on('close', () => { client.closed = true; });
});

test('a network address has its share of the connections, and this machine has none', { skip }, async (t) => {
  const folder = await temporaryFolder(t);
  const process = run('serve', '--listen', '0.0.0.0:0', '--database', `sqlite:${folder}/shakehook.db`, '--connections-per-address', '5');
  t.after(() => process.end('SIGKILL'));
  await process.says(/is ready/);
  const port = process.output.match(/^ +API +http:\/\/[^:]+:(\d+)\/api$/m)[1];
  const clients = [];
  t.after(() => clients.forEach(({ socket }) => socket.destroy()));
  for (let i = 0; i < 5; ++i) clients.push(await open(address, port));
  await sleep(50);
  const sixth = await open(address, port);
  await eventually(() => sixth.closed, 'a refusal');
  assert.match(sixth.told, /^HTTP\/1\.1 503 [^]*as many open connections as it may have/);
  for (let i = 0; i < 40; ++i) clients.push(await open('127.0.0.1', port));
  assert.equal((await fetch(`http://127.0.0.1:${port}/readyz`)).status, 200);
  clients[0].socket.destroy();
  await eventually(async () => {
    const next = await open(address, port);
    next.socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await eventually(() => next.closed, 'an end');
    return next.told.startsWith('HTTP/1.1 200');
  }, 'a place again');
});
