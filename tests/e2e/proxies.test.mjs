// The real program behind real reverse proxies: nginx (HTTP/1.0 to us), HAProxy (a second X-Forwarded-For line), Apache
// and Caddy, each of which compresses what passes and marks entity tags in its own way.
import assert from 'node:assert/strict';
import http from 'node:http';
import test from 'node:test';

import { ApiClient } from '../harness/api_client.mjs';
import { Browser, setUp } from '../harness/browser_session.mjs';
import { eventually } from '../harness/eventually.mjs';
import { hasProxy, proxyKinds, startProxy } from '../harness/reverse_proxy.mjs';
import { quickFlags, Shakehook } from '../harness/shakehook.mjs';

const password = 'correct horse battery';
const contacts = '/api/venues/venue123/contacts';
const attemptsAtOnce = 30;  // that may fail from one address (docs/configuration.md)

async function start(t, kind, { flags = quickFlags, ...options } = {}) {
  const server = await Shakehook.start(t, { flags });
  const url = await startProxy(t, kind, server, options);
  return { server, url, api: new ApiClient(url, server.adminKey) };
}

// One request as its bytes are given, over a connection of its own, from another address of this machine.
function ask(url, { method = 'GET', path = '/', headers = {}, body, from = '127.0.0.1' }) {
  return new Promise((resolve, reject) => {
    const request = http.request(url + path, { method, headers, localAddress: from, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => { text += piece; });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    request.on('error', reject);
    if (headers.Expect) {
      request.once('continue', () => request.end(body));  // a proxy may pass on ours beside its own
      request.flushHeaders();
    } else if (Array.isArray(body)) {
      for (const piece of body) request.write(piece);
      request.end();
    } else {
      request.end(body);
    }
  });
}

// Guesses a password, each time of another address, so that only where it comes from is counted.
let guesses = 0;
const guess = (url, forwarded, from) => ask(url, {
  method: 'POST', path: '/api/session', from,
  headers: { 'Content-Type': 'application/json', ...(forwarded ? { 'X-Forwarded-For': forwarded } : {}) },
  body: JSON.stringify({ email: `user${++guesses}@example.com`, password }),
}).then((response) => response.status);

for (const kind of proxyKinds) {
  const options = { skip: hasProxy(kind) ? false : `${kind} is not installed` };

  test(`behind ${kind}: edits guarded by the ETag that the proxy made`, options, async (t) => {
    const { server, api } = await start(t, kind);
    await server.api.venue();
    await server.api.contact({ id: 'c1', city: 'Paris', address_line_1: 'x'.repeat(900) });
    const read = await api.call('GET', `${contacts}/c1`);
    assert.equal(read.headers.get('content-encoding'), 'gzip', 'the proxy compresses');
    let etag = read.headers.get('etag');
    assert.ok(etag);
    for (const city of ['Lyon', 'Lille']) {
      const edited = await api.call('PATCH', `${contacts}/c1`, { city }, { 'If-Match': etag });
      assert.equal(edited.status, 200, `${etag}: ${JSON.stringify(edited.body)}`);
      const late = await api.call('PATCH', `${contacts}/c1`, { city: 'late' }, { 'If-Match': etag });
      assert.equal(late.status, 412);
      etag = edited.headers.get('etag');
    }
    assert.equal((await api.call('DELETE', `${contacts}/c1`, undefined, { 'If-Match': etag })).status, 204);
  });

  test(`behind ${kind}: large, chunked and announced bodies`, options, async (t) => {
    const { server, api, url } = await start(t, kind);
    await server.api.venue();
    // The custom value makes the items large.
    const field = await server.api.post('/api/fields', { collection: 'clients', label: 'Notes', type: 'object', venue_id: 'venue123' });
    const items = Array.from({ length: 300 }, (_, i) => ({ id: `c${i}`, [field.code]: { note: 'x'.repeat(50_000) } }));
    const batch = await api.post(`${contacts}/batch`, items);
    assert.equal(batch.results.length, 300);
    const headers = { Authorization: `Bearer ${server.adminKey}`, 'Content-Type': 'application/json' };
    const chunked = await ask(url, { method: 'POST', path: contacts, headers: { ...headers, 'Transfer-Encoding': 'chunked' }, body: ['{"id":', '"chunked"', '}'] });
    assert.equal(chunked.status, 201, chunked.text);
    const body = '{"id":"expected"}';
    const expected = await ask(url, { method: 'POST', path: contacts, headers: { ...headers, Expect: '100-continue', 'Content-Length': body.length }, body });
    assert.equal(expected.status, 201, expected.text);
    const list = await api.get(`${contacts}?limit=200`);
    assert.equal(list.data.length, 200);
    const tooLarge = await ask(url, { method: 'POST', path: contacts, headers, body: 'x'.repeat(1024 * 1024 + 1) });
    assert.equal(tooLarge.status, 413);
  });

  test(`behind ${kind}: a client's own X-Forwarded-For is no way around the sign-in limit`, options, async (t) => {
    const { server, url } = await start(t, kind);
    await setUp(server, password);
    const statuses = [];
    // Some grow back while it is tried.
    for (let i = 0; i < 2 * attemptsAtOnce && statuses.at(-1) !== 429; ++i) {
      statuses.push(await guess(url, `203.0.113.${i}`, '127.0.0.77'));
    }
    assert.deepEqual(statuses.slice(0, 3), [401, 401, 401]);
    assert.equal(statuses.at(-1), 429, `${statuses.length} attempts were let through`);
    assert.equal(await guess(url, '127.0.0.77', '127.0.0.78'), 401, 'another client');
    const audit = await server.api.get('/api/audit?limit=5');
    const failed = audit.data.find((entry) => entry.action === 'session.failed');
    assert.equal(failed.detail, 'from 127.0.0.78');
  });

  test(`behind ${kind}: signing in, the dashboard, the stream, kept connections`, options, async (t) => {
    const { server, url, api } = await start(t, kind);
    await setUp(server, password);
    const browser = new Browser({ url });
    const origin = { Origin: url };
    assert.equal((await browser.call('POST', '/api/session', { email: 'ada@example.com', password }, origin)).status, 201);
    assert.equal((await browser.call('POST', '/api/venues', { id: 'venue123', name: 'V' }, origin)).status, 201);
    const foreign = await browser.call('POST', '/api/venues', { name: 'V' }, { Origin: 'http://evil.example' });
    assert.equal(foreign.status, 403);
    assert.match(foreign.body.detail, /--public-url/);

    const page = await fetch(url, { headers: { Accept: 'text/html' } });
    assert.equal(page.status, 200);
    const asset = (await page.text()).match(/(?:src|href)="(\/assets\/[^"]+)"/)?.[1];
    if (asset) {
      const file = await fetch(url + asset);
      assert.equal(file.status, 200);
      assert.ok((await file.text()).length > 100);
      const known = await fetch(url + asset, { headers: { 'If-None-Match': file.headers.get('etag') } });
      assert.equal(known.status, 304);
    }

    let told = '';
    const stream = http.get(`${url}/api/stream`, { headers: { Authorization: `Bearer ${server.adminKey}` } }, (response) => {
      assert.equal(response.headers['content-type'], 'text/event-stream');
      response.setEncoding('utf8').on('data', (text) => { told += text; });
    });
    t.after(() => stream.destroy());
    stream.on('error', () => {});
    await eventually(() => told.length > 0 || stream.res !== null, 'the stream begins');
    await api.webhook('http://127.0.0.1:8099/');
    const made = performance.now();
    await api.contact({ id: 'streamed' });
    await eventually(() => told.includes('streamed'), 'the stream tells of the delivery');
    assert.ok(performance.now() - made < 3_000, 'the proxy holds nothing back');

    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = 0; i < 50; ++i) {
      const status = await new Promise((resolve, reject) => {
        http.get(`${url}/healthz`, { agent }, (response) => response.resume().on('end', () => resolve(response.statusCode))).on('error', reject);
      });
      assert.equal(status, 200);
    }
    agent.destroy();
  });
}

test('a proxy that passes on another Host: the refusal says what to set, and setting it helps', { skip: hasProxy('nginx') ? false : 'nginx is not installed' }, async (t) => {
  const { server, url } = await start(t, 'nginx', { host: false });
  await setUp(server, password);
  const signIn = (address) => new Browser({ url: address }).call('POST', '/api/session', { email: 'ada@example.com', password }, { Origin: 'https://hooks.example' });
  const refused = await signIn(url);
  assert.equal(refused.status, 403);
  assert.ok(refused.body.detail.includes('--public-url https://hooks.example'), refused.body.detail);
  assert.ok(refused.body.detail.includes(server.url.replace('http://', '')), refused.body.detail);
  for (const publicUrl of ['https://hooks.example:443', 'HTTPS://Hooks.Example/']) {
    server.flags = { ...quickFlags, 'public-url': publicUrl };
    await server.stop();
    await server.launch(new URL(server.url).port);
    assert.equal((await signIn(url)).status, 201, publicUrl);
  }
});

test('a proxy on another machine is believed where it is named', async (t) => {
  const server = await Shakehook.start(t, { flags: { ...quickFlags, 'trusted-proxy': '127.0.0.0/8' } });
  await setUp(server, password);
  const statuses = [];
  for (let i = 0; i < 2 * attemptsAtOnce && statuses.at(-1) !== 429; ++i) {
    statuses.push(await guess(server.url, `10.${i}.0.1, 203.0.113.9:${4000 + i}, 127.0.0.9`));
  }
  assert.ok(statuses.length > attemptsAtOnce);
  assert.equal(statuses.at(-1), 429);
  assert.equal(await guess(server.url, '203.0.113.9, 203.0.113.10'), 401);
});
