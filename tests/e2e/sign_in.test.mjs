// Setup, sign-in and sessions of the real program, as a browser meets them.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';

import { Browser, setUp, setupToken } from '../harness/browser_session.mjs';
import { Shakehook } from '../harness/shakehook.mjs';

const password = 'correct horse battery';

test('the printed token makes the first administrator, whose session outlives a kill -9', async (t) => {
  const server = await Shakehook.start(t);
  const first = setupToken(server);
  await server.restart();
  assert.notEqual(setupToken(server), first, 'each start prints a token of its own');
  const browser = await setUp(server, password);
  assert.equal((await browser.call('GET', '/api/setup')).body.needed, false);
  await server.kill();
  await server.launch();
  assert.equal(setupToken(server), undefined, 'there is an administrator: no token is printed');
  assert.equal((await browser.call('GET', '/api/session')).body.user.email, 'ada@example.com');
  assert.equal((await browser.call('POST', '/api/venues', { id: 'venue123', name: 'V' })).status, 201);
  assert.equal((await browser.call('DELETE', '/api/session')).status, 204);
  assert.equal((await browser.call('GET', '/api/session')).status, 401);
});

test('neither a password nor a session can be read in the database or the log', async (t) => {
  const server = await Shakehook.start(t);
  const browser = await setUp(server, password);
  await browser.signIn('ada@example.com', 'a wrong password');
  const cookie = browser.headers.Cookie.split('=')[1];
  await server.stop();
  const files = await Promise.all([server.database, `${server.database}-wal`].map((file) => readFile(file).catch(() => Buffer.of())));
  for (const secret of [password, 'a wrong password', cookie, browser.headers['X-CSRF-Token']]) {
    for (const bytes of files) assert.equal(bytes.includes(secret), false, 'in the database');
    assert.equal((server.process.output + server.process.errors).includes(secret), false, 'in the log');
  }
});

test('guessing is slowed, and who knows the password gets in afterwards', async (t) => {
  const server = await Shakehook.start(t);
  await setUp(server, password);
  const browser = new Browser(server);
  const responses = [];
  for (let i = 0; i < 12; ++i) responses.push(await browser.signIn('ada@example.com', `guess number ${i}`));
  assert.deepEqual(responses.map((response) => response.status), [...Array(10).fill(401), 429, 429]);
  assert.ok(Number(responses[11].headers.get('retry-after')) > 0);
  assert.equal((await new Browser(server).call('GET', '/api/setup')).status, 200);
});

test('passwords are hashed beside the requests of others, not before them', async (t) => {
  const server = await Shakehook.start(t, { flags: { threads: 1 } });
  await setUp(server, password);
  const started = performance.now();
  let ended = 0;
  const hashing = Promise.all(Array.from({ length: 20 }, (_, i) => new Browser(server)
    .signIn(`user${i}@example.com`, password).then((answer) => { ended = performance.now() - started; return answer; })));
  const waits = [];
  for (let i = 0; i < 10; ++i) {
    const asked = performance.now();
    await server.api.get('/api/venues');
    waits.push(performance.now() - asked);
  }
  waits.sort((a, b) => a - b);
  for (const response of await hashing) assert.equal(response.status, 401);
  assert.ok(waits[5] < ended / 4, `an answer took ${waits[5]} ms while ${ended} ms were spent on passwords`);
});

test('the dashboard is served with a strict policy, and other paths are not its own', async (t) => {
  const server = await Shakehook.start(t);
  const page = await fetch(`${server.url}/webhooks/1`, { headers: { Accept: 'text/html' } });
  assert.equal(page.status, 200);
  const policy = page.headers.get('content-security-policy');
  assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[\w-]{22}'; /);
  assert.doesNotMatch(policy, /unsafe/);
  assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
  assert.equal((await fetch(`${server.url}/assets/none.js`, { headers: { Accept: 'text/html' } })).status, 404);
  assert.equal((await fetch(`${server.url}/api/none`, { headers: { Accept: 'text/html' } })).status, 401);
});

// A proxy on this machine says where people come from.
test('strangers who guess lock out neither who signed in from there before nor who holds the setup token', async (t) => {
  const server = await Shakehook.start(t);
  const post = (route, body, address) => fetch(`${server.url}/api/${route}`, {
    method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': address } });
  const person = { name: 'Ada', email: 'ada@example.com', password };
  const guesses = await Promise.all(Array.from({ length: 40 }, (_, i) => post('setup', { ...person, token: `guess ${i}` }, '203.0.113.9')));
  assert.ok(guesses.some(({ status }) => status === 429), 'guesses are slowed');
  assert.equal((await post('setup', { ...person, token: setupToken(server) }, '203.0.113.9')).status, 201);

  const signIn = (word, address) => post('session', { email: 'ada@example.com', password: word }, address);
  assert.equal((await signIn(password, '198.51.100.1')).status, 201);
  for (let i = 0; i < 12; ++i) await signIn(`guess ${i}`, `203.0.113.${i}`);
  assert.equal((await signIn(password, '203.0.113.50')).status, 429, 'where nobody signed in before');
  assert.equal((await signIn(password, '198.51.100.1')).status, 201);
});
