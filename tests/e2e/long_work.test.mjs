// Bodies at their largest, made so that reading them costs most: others are answered meanwhile. Before work was cut into
// turns and no step was slower than n log n, a batch of 1.75 MiB held a loop for 87 seconds.
import assert from 'node:assert/strict';
import http from 'node:http';
import test from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { Shakehook } from '../harness/shakehook.mjs';

// Generous, because the machine may be busy with other tests: a turn takes some milliseconds.
const waitMsMax = 2_000;
const mebibyte = 1024 * 1024;
// More connections than the server has loops for them, so that each loop is asked.
const watchers = 8;

async function start(t) {
  const server = await Shakehook.start(t);
  const { api } = server;
  await api.venue();
  return api;
}

function ask(url, agent) {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    http.get(`${url}/healthz`, { agent }, (response) => {
      response.resume();
      response.on('end', () => resolve(performance.now() - began));
    }).on('error', reject);
  });
}

// Asks /healthz all the time while `work` runs; gives what the work gives and the longest wait.
async function watched(api, work) {
  let over = false;
  let longest = 0;
  const watch = async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    while (!over) longest = Math.max(longest, await ask(api.url, agent));
    agent.destroy();
  };
  const all = Array.from({ length: watchers }, watch);
  try {
    return { result: await work(), longest };
  } finally {
    over = true;
    await Promise.all(all);
  }
}

async function assertNobodyWaits(api, what, work, check) {
  const { result, longest } = await watched(api, work);
  check(result);
  assert.ok(longest < waitMsMax, `${what}: /healthz took ${longest.toFixed(0)} ms`);
}

const manyKeys = (count, value) => `{${Array.from({ length: count }, (_, i) => `"k${i}":${value}`).join(',')}}`;
// An array of items that make up so many bytes.
const batchOf = (bytes, item) => {
  const count = Math.min(1000, Math.floor(bytes / item(0).length));
  return `[${Array.from({ length: count }, (_, i) => item(i)).join(',')}]`;
};
const is = (...statuses) => ({ status, body }) => assert.ok(statuses.includes(status), `${status} ${JSON.stringify(body).slice(0, 300)}`);

test('one body of a thousand tricks holds nobody up', async (t) => {
  const api = await start(t);
  const { code } = await api.post('/api/fields', { venue_id: 'venue123', collection: 'clients', label: 'More', type: 'object' });
  const contacts = '/api/venues/venue123/contacts';
  const batch = (body) => () => api.call('POST', `${contacts}/batch`, body);
  await api.contact({ id: 'full', [code]: Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, 1])) });
  const cases = [
    ['an object of many keys', () => api.call('POST', contacts, `{"${code}":${manyKeys(75_000, 1)}}`), is(422)],
    ['as many that go away', () => api.call('PATCH', `${contacts}/full`, `{"${code}":${manyKeys(75_000, null)}}`), is(200)],
    ['a batch of such objects', batch(`[${Array.from({ length: 2 }, (_, i) => `{"id":"o${i}","${code}":${manyKeys(75_000, 1)}}`)}]`), is(422)],
    ['a batch of empty arrays', batch(`[${'[],'.repeat(5 * mebibyte)}[]]`), is(422)],
    ['a batch of items of empty arrays', batch(batchOf(15 * mebibyte, (i) => `{"id":"a${i}","${code}":{"x":[${'[],'.repeat(5000)}[]]}}`)), is(200)],
    ['a batch of open brackets', batch('['.repeat(15 * mebibyte)), is(400)],
    ['a batch of unknown fields', batch(batchOf(8 * mebibyte, (i) => `{"id":"u${i}",${manyKeys(700, 1).slice(1)}`)), is(422)],
    ['a batch of millions of values', batch(batchOf(15 * mebibyte, (i) => `{"id":"m${i}","${code}":{"x":[${'1,'.repeat(7000)}1]}}`)), is(200)],
    ['a batch that is all right', batch(batchOf(15.5 * mebibyte, (i) => `{"id":"b${i}","${code}":${manyKeys(1000, '"12345"')}}`)), is(200)],
    ['the same again', batch(batchOf(15.5 * mebibyte, (i) => `{"id":"b${i}","${code}":${manyKeys(1000, '"12345"')}}`)), is(200)],
    ['a list of what it put', () => api.call('GET', `${contacts}?limit=200`), is(200)],
    ['a text of 15 MiB', batch(`["${'x'.repeat(15 * mebibyte)}"]`), is(422)],
  ];
  for (const [what, work, check] of cases) {
    await t.test(what, () => assertNobodyWaits(api, what, work, check));
  }
});

test('a file of 20 MB holds nobody up, whatever is in it', async (t) => {
  const api = await start(t);
  const size = 19 * mebibyte;
  const path = '/api/venues/venue123/imports?kind=contact&dry_run=true';
  const post = (text) => () => api.call('POST', path, text, { 'Content-Type': 'text/csv' });
  const rows = (row) => `id,first_name\n${Array.from({ length: 99_000 }, (_, i) => row(i)).join('\n')}\n`;
  const cases = [
    ['rows', rows((i) => `r${i},${'x'.repeat(150)}`), is(200)],
    ['one quote', `id,first_name\nr1,"${'x'.repeat(size)}`, is(200)],
    ['quotes', rows((i) => `r${i},"${'""'.repeat(i % 90)}`), is(200)],
    ['delimiters', `id,first_name\n${','.repeat(size)}`, is(200)],
    ['line ends', `id,first_name\nr1,x${'\n'.repeat(size)}`, is(200)],
    ['bytes that are no text', Buffer.concat([Buffer.from('id,first_name\nr1,'), Buffer.alloc(size, 0xff)]), is(200, 422)],
  ];
  for (const [what, text, check] of cases) {
    await t.test(what, () => assertNobodyWaits(api, what, post(text), check));
  }
  await t.test('the import itself', () =>
    assertNobodyWaits(api, 'the import', async () => {
      const job = await api.post('/api/venues/venue123/imports?kind=contact', rows((i) => `r${i % 5000},${'x'.repeat(150)}`).slice(0, 3 * mebibyte), { 'Content-Type': 'text/csv' });
      return eventually(async () => (await api.get(`/api/imports/${job.id}`)).state === 'done', 'end of the import', 120_000);
    }, (done) => assert.ok(done)));
});
