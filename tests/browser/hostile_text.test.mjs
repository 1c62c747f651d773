// Names, fields and answers that hold script, markup, terminal escapes, formulas and characters that turn the line
// around: on every page they are text. Nothing of them runs, becomes an element, is asked for, or reaches the log raw.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { closeBrowser, open, openPage, startDashboard } from './dashboard.mjs';
import { pages } from './pages.mjs';

after(closeBrowser);

const escape = '\u001b[2J\u001b]0;owned\u0007';
// The element's name is ours, so that it is found wherever it comes to life.
const hostile = [
  '<owned-element onclick="owned()"></owned-element><script>owned()</script>',
  '"><img src=x onerror=owned()><svg/onload=owned()>',
  '\'-owned()-\'</textarea></title></script><script>owned()</script>',
  '{{constructor.constructor("owned()")()}}${owned()}',
  'javascript:owned()//<iframe srcdoc="<script>parent.owned()</script>">',
  '=cmd|\' /C calc\'!A0 +1 -1 @SUM(A1)',
  '\u202egnp.tnalg\u202c \u2066x\u2069 \u200f\u061c',
  escape,
  '__proto__', 'constructor', '%00%0d%0aSet-Cookie: owned=1', '😀\ufffd',
].join(' ');
const answerBody = Buffer.concat([Buffer.from(`<script>owned()</script>${escape}`), Buffer.from([0xff, 0xfe, 0xc0, 0x80, 0x00]), Buffer.from(hostile)]);

async function furnish(t, api) {
  const short = hostile.slice(0, 240);
  await api.post('/api/venues-groups', { id: 'group456', name: short });
  await api.venue('venue123', { name: short, venues_group_id: 'group456' });
  const field = (type, more = {}) => api.post('/api/fields', { collection: 'clients', venue_id: 'venue123', label: short, type, ...more });
  const text = await field('text');
  const select = await field('select', { data: [{ label: short, value: short }] });
  const object = await field('object');
  await api.post('/api/api-keys', { name: short, scope: { venue_id: 'venue123' } });
  await api.post('/api/users', {
    name: short, email: '"<script>owned()</script>"@example.com', role: 'viewer', scope: { venue_id: 'venue123' },
    password: 'correct horse battery',
  });
  await api.post('/api/inboxes', { name: short, scope: { venue_id: 'venue123' } });
  const receiver = await Receiver.start(t, {
    answer: {
      status: 500, body: answerBody,
      headers: { 'Content-Type': 'text/html', 'X-Owned': `<script>owned()</script> =cmd ${'\u00ff'}`, Refresh: '0; url=javascript:owned()' },
    },
  });
  const webhook = await api.webhook(`${receiver.url}?x='-owned()-'&y=%3Cscript%3E`, {
    name: short, headers: { 'X-Mark': '<script>owned()</script>' },
  });
  await api.account({ id: 'account-123', name: hostile, legal_name: hostile, city: hostile });
  await api.contact({
    id: 'contact-456', first_name: hostile, last_name: hostile, email: `${hostile}@example.com`, phone: hostile,
    title: hostile, account_id: 'account-123', [text.code]: hostile, [select.code]: short,
    [object.code]: { [hostile]: hostile, nested: { __proto__x: hostile } },
  });
  await api.call('POST', '/api/session', { email: `${escape}@example.com`, password: hostile }, { 'User-Agent': '<script>owned()</script>' });
  await api.call('GET', `/api/${encodeURIComponent(hostile.replaceAll(/[^\x20-\x7e]/gu, ''))}`);
  const failed = await eventually(async () => (await api.deliveries('status=failed')).at(-1), 'failed delivery', 30_000);
  return { webhook, failing: webhook, delivered: failed, failed };
}

async function assertInert(page, name) {
  await page.waitForFunction(() => !document.body.innerText.includes('Loading…'));
  const found = await page.evaluate(() => ({
    ran: globalThis.owned_ran ?? 0,
    elements: document.querySelectorAll('owned-element, svg[onload], img[src="x"], iframe, object, embed, base, meta[http-equiv=refresh]').length,
    handlers: [...document.querySelectorAll('*')].filter((element) => [...element.attributes].some((attribute) => /^on/i.test(attribute.name))).length,
    links: [...document.querySelectorAll('a[href], form[action]')]
      .map((element) => element.getAttribute('href') ?? element.getAttribute('action')).filter((to) => /^\s*(javascript|data|vbscript):/i.test(to)),
    polluted: ({}).owned,
  }));
  assert.deepEqual(found, { ran: 0, elements: 0, handlers: 0, links: [], polluted: undefined }, name);
}

test('whatever names, fields and answers hold, every page shows it as text', async (t) => {
  const server = await startDashboard(t);
  const made = await furnish(t, server.api);
  const page = await openPage(t, server);
  const dialogs = [];
  page.on('dialog', (dialog) => { dialogs.push(dialog.message()); return dialog.dismiss(); });
  await page.addInitScript(() => {
    globalThis.owned_ran = 0;
    globalThis.owned = () => { globalThis.owned_ran += 1; };
    document.addEventListener('securitypolicyviolation', (event) => { globalThis.owned_violation = event.violatedDirective; });
  });
  for (const { name, address } of pages) {
    await open(page, typeof address === 'function' ? address(made) : address);
    await assertInert(page, name);
    assert.equal(await page.evaluate(() => globalThis.owned_violation), undefined, name);
  }
  await open(page, '/contacts/venue123/contact-456');
  await eventually(async () => (await page.locator('body').innerText()).includes('<owned-element onclick'), 'name as text');
  await open(page, `/deliveries/${made.failed.id}`);
  await eventually(async () => (await page.locator('body').innerText()).includes('<script>owned()</script>'), 'answer as text');
  await assertInert(page, 'delivery with its answer');
  for (const [address, what] of [['/contacts?q=%3Cscript%3Eowned()%3C/script%3E', 'a search'], ['/nowhere/%22%3E%3Cimg%20src=x%20onerror=owned()%3E', 'an address']]) {
    await open(page, address);
    await assertInert(page, what);
  }
  assert.deepEqual(dialogs, []);

  const log = server.process.output + server.process.errors;
  // eslint-disable-next-line no-control-regex
  assert.doesNotMatch(log, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/, 'the log holds no control character');
});

test('every kind of answer says how a browser is to take it', async (t) => {
  const server = await startDashboard(t);
  const made = await furnish(t, server.api);
  const session = await fetch(`${server.url}/api/session`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"email":"ada@example.com","password":"correct horse battery"}',
  });
  assert.match(session.headers.get('set-cookie'), /HttpOnly; SameSite=Strict/);
  const addresses = ['/', '/contacts', '/nowhere', '/docs', '/openapi.json', '/healthz', '/api/venues', '/api/nothing',
    `/api/deliveries/${made.failed.id}`, '/api/%ff', '/favicon.svg', '/metrics'];
  for (const address of addresses) {
    const response = await fetch(server.url + address, { headers: { Authorization: `Bearer ${server.adminKey}` } });
    const type = response.headers.get('content-type');
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff', address);
    assert.ok(type, `${address} has a type`);
    assert.equal(response.headers.get('access-control-allow-origin'), null, address);
    if (!/html/.test(type)) continue;
    const policy = response.headers.get('content-security-policy');
    assert.match(policy, /frame-ancestors 'none'/, address);
    assert.match(policy, /object-src 'none'|default-src 'none'/, address);
    assert.doesNotMatch(policy.match(/script-src[^;]*/)?.[0] ?? '', /unsafe/, address);
    assert.match(policy, /base-uri 'none'|base-uri 'self'/, address);
  }
});

test('the dashboard cannot be put into another page', async (t) => {
  const server = await startDashboard(t);
  // The outer page, and what it can put into itself: a page of its own.
  const evil = await Receiver.start(t, {
    answer: ({ path }) => ({
      status: 200, headers: { 'Content-Type': 'text/html' },
      body: path === '/inner' ? '<p>inner</p>' : `<h1>Win</h1><iframe src="/inner"></iframe><iframe src="${server.url}/webhooks"></iframe>`,
    }),
  });
  const page = await openPage(t, server);
  await page.goto(`http://127.0.0.1:${evil.port}/`);
  const [inner, framed] = page.frames().slice(1);
  await inner.getByText('inner').waitFor();
  await eventually(() => framed.url().startsWith('chrome-error:'), 'refusal to be framed', undefined, () => framed.url());
  page.complaints.length = 0;  // it asked another origin, which is the point
});
