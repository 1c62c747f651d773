// Clients that send slowly, or nothing: they are cut, and until then they keep nobody else out.
import assert from 'node:assert/strict';
import net from 'node:net';
import test from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { Shakehook } from '../harness/shakehook.mjs';

const clients = 400;
// The server's limit, from a request's first byte to its last, is 30 s.
const cutMsMin = 25_000;
const cutMsMax = 40_000;

const halves = [
  'GET /api/venues HTTP/1.1\r\nHost: a\r\nX-Slow: ',
  'POST /api/venues HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"id":"',
  'POST /api/venues HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n{"i',
];

function drip(url, half) {
  const client = { answer: '', closed: false, socket: net.connect(new URL(url).port, '127.0.0.1') };
  client.socket.setEncoding('latin1').on('data', (text) => { client.answer += text; });
  client.socket.on('error', () => {}).on('close', () => { client.closed = true; });
  client.socket.write(half);
  return client;
}

test('requests that drip in are cut, and meanwhile others are served', async (t) => {
  const server = await Shakehook.start(t);
  const start = Date.now();
  const slow = Array.from({ length: clients }, (_, index) => drip(server.url, halves[index % halves.length]));
  const drops = setInterval(() => slow.filter((client) => !client.closed).forEach((client) => client.socket.write('x')), 2_000);
  t.after(() => {
    clearInterval(drops);
    slow.forEach((client) => client.socket.destroy());
  });
  while (Date.now() - start < cutMsMin) {
    const asked = Date.now();
    assert.equal((await server.api.call('GET', '/api/venues')).status, 200);
    assert.ok(Date.now() - asked < 2_000, `others waited ${Date.now() - asked} ms`);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  assert.equal(slow.filter((client) => client.closed).length, 0, 'none is cut before its time');
  await eventually(() => slow.every((client) => client.closed), 'end of the slow clients', cutMsMax - cutMsMin,
    () => `${slow.filter((client) => !client.closed).length} are still there`);
  for (const client of slow) assert.match(client.answer, /^HTTP\/1\.1 408 /);
  assert.equal((await server.api.call('GET', '/readyz')).status, 200);
});
