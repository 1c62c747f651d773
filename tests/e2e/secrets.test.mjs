// Where secrets may not be read: planted ones are used for everything, then looked for in the database, a backup, the
// log, metrics, and every answer that is not meant to show them.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';

import { Browser, setUp } from '../harness/browser_session.mjs';
import { eventually } from '../harness/eventually.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { cleanEnvironment, Process, program, quickFlags, Shakehook } from '../harness/shakehook.mjs';

const password = 'correct horse battery staple';
const wrongPassword = 'incorrect zebra battery';
const headerValue = `token-${randomBytes(12).toString('hex')}`;
const chatToken = `chat-${randomBytes(12).toString('hex')}`;
const adminKey = `admin-${randomBytes(24).toString('hex')}`;

test('no secret stands where it is not meant to be shown', async (t) => {
  const server = await Shakehook.start(t, {
    flags: { ...quickFlags, 'log-level': 'debug', 'metrics-open': true, 'max-retries': 1 },
    environment: { SHAKEHOOK_ADMIN_KEY: adminKey },
  });
  const receiver = await Receiver.start(t, { answer: (_, number) => (number % 3 === 1 ? 500 : 204) });
  const responses = [];
  const call = async (method, where, body, headers) => {
    const response = await server.api.call(method, where, body, headers);
    responses.push([`${method} ${where} ${response.status}`, JSON.stringify(response.body) + JSON.stringify([...response.headers])]);
    return response;
  };

  // Everything that has to do with secrets; what shows one is not kept among the answers.
  await server.api.venue();
  const webhook = await server.api.webhook(receiver.url, { headers: { 'X-Token': headerValue }, standard_headers: true });
  const { key } = await server.api.post('/api/api-keys', { name: 'K', scope: { venue_id: 'venue123' } });
  const rotated = await server.api.post(`/api/webhooks/${webhook.id}/secret`, { overlap_seconds: 600 });
  assert.equal((await server.api.get(`/api/webhooks/${webhook.id}/secret`)).secret, rotated.secret);
  const kept = { 'Idempotency-Key': 'once' };
  const another = await server.api.post('/api/webhooks', {
    name: 'Other', url: receiver.url, events: ['contact.created'], scope: { venue_id: 'venue123' },
  }, kept);
  const chat = await server.api.post('/api/notice-channels', {
    name: 'Chat', kind: 'slack', url: `${receiver.url}/${chatToken}`, scope: { venue_id: 'venue123' }, after_minutes: 0,
  });
  const own = await server.api.post('/api/notice-channels', {
    name: 'Own', kind: 'webhook', url: receiver.url, scope: { venue_id: 'venue123' }, after_minutes: 0,
  }, kept);
  for (const channel of [chat, own]) await server.api.post(`/api/notice-channels/${channel.id}/test`);
  await eventually(() => receiver.requests.some(({ path: asked }) => asked.includes(chatToken)), 'a message to the chat', 20_000);
  const admin = await setUp(server, password);
  const cookie = admin.headers.Cookie.split('=')[1];
  const csrf = admin.headers['X-CSRF-Token'];
  await new Browser(server).signIn('ada@example.com', wrongPassword);
  for (let i = 0; i < 6; ++i) await server.api.contact({ id: `c${i}` });
  await server.api.post(`/api/webhooks/${webhook.id}/test`, { event: 'contact.created' });
  await eventually(async () => (await server.api.deliveries('status=pending')).length === 0, 'everything sent');

  const secrets = {
    'the webhook\'s first secret': webhook.secret, 'its second': rotated.secret, 'another webhook\'s': another.secret,
    'a custom header': headerValue, 'a chat\'s token': chatToken, 'a channel\'s secret': own.secret, 'an API key': key, 'the admin key': adminKey, 'a password': password,
    'a password that was wrong': wrongPassword, 'a session': cookie, 'a CSRF token': csrf,
    'the master key': (await readFile(path.join(server.folder, 'master.key'), 'utf8')).trim(),
  };
  for (const [name, value] of Object.entries(secrets)) assert.ok(value?.length > 15, `${name}: ${value}`);

  // Calls that read afterwards, and calls that are wrong.
  for (const where of [
    '/api/webhooks', `/api/webhooks/${webhook.id}`, '/api/deliveries', '/api/events', '/api/api-keys', '/api/users', '/api/audit',
    '/api/stats', '/api/notice-channels', `/api/notice-channels/${chat.id}`, `/api/notice-channels/${chat.id}/notices`,
    `/api/webhooks/${webhook.id}/stats`, '/metrics', '/healthz', '/readyz', '/openapi.json',
  ]) await call('GET', where);
  for (const delivery of await server.api.deliveries()) await call('GET', `/api/deliveries/${delivery.id}`);
  await call('PATCH', `/api/webhooks/${webhook.id}`, { headers: { 'X-Token': headerValue, Host: 'x' } });
  await call('POST', '/api/webhooks', `{"secret":"${webhook.secret}","headers":{"X-Token":"${headerValue}"`);
  await call('PATCH', `/api/notice-channels/${chat.id}`, { name: 'Chat 2', url: 'https://10.0.0.1/' });
  await call('GET', '/api/venues', undefined, { Authorization: `Bearer ${key}x` });
  await call('POST', '/api/session', { email: 'ada@example.com', password: wrongPassword });
  await call('POST', '/api/users', { name: 'x', email: 'no address', role: 'viewer', scope: {}, password });
  const backup = path.join(server.folder, 'backup.db');
  const backingUp = new Process(program, ['backup', backup, '--database', `sqlite:${server.database}`], { env: cleanEnvironment() });
  assert.equal((await backingUp.exit).code, 0, backingUp.errors);
  const running = await Promise.all((await readdir(server.folder)).filter((name) => name.includes('.db'))
    .map(async (name) => [`${name} while it runs`, await readFile(path.join(server.folder, name))]));
  await server.stop();
  const files = [
    ...running, ['the database', await readFile(server.database)], ['the backup', await readFile(backup)],
    ['the log', Buffer.from(server.process.output.replaceAll(/\/setup\?token=\S+/g, '') + server.process.errors)],
    ['the backup\'s words', Buffer.from(backingUp.output + backingUp.errors)],
  ];
  assert.ok(running.length >= 3, 'database, log, backup');
  for (const [name, value] of Object.entries(secrets)) {
    for (const [where, text] of responses) assert.ok(!text.includes(value), `${name} in ${where}: ${text}`);
    for (const [where, bytes] of files) assert.ok(!bytes.includes(value), `${name} in ${where}`);
    // Nor its bytes, where the text is base64.
    const raw = /^(whsec_)?[A-Za-z0-9+/]{43}=$/.test(value) ? Buffer.from(value.replace('whsec_', ''), 'base64') : null;
    if (raw) for (const [where, bytes] of files) assert.ok(!bytes.includes(raw), `the bytes of ${name} in ${where}`);
  }
});
