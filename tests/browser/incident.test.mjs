// The page says what is wrong with a webhook and what to do: one hint for each cause, in both languages.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import test, { after } from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { quickFlags } from '../harness/shakehook.mjs';
import { assertAccessible, assertFits, closeBrowser, open, openPage, screenshot, startDashboard } from './dashboard.mjs';

after(closeBrowser);

const patient = { ...quickFlags, 'retry-base': '100ms', 'max-retries': 10 };

async function started(t, flags = patient) {
  const server = await startDashboard(t, { flags });
  await server.api.venue();
  return server;
}

async function failingWith(t, server, answer, contacts = ['Zoé Martin']) {
  const receiver = await Receiver.start(t, { answer });
  const webhook = await server.api.webhook(receiver.url, { name: 'CRM Sync' });
  for (const name of contacts) {
    const [first_name, last_name] = name.split(' ');
    await server.api.contact({ first_name, last_name });
  }
  return { receiver, webhook };
}

const conditionOf = async (server, { id }) => (await server.api.get(`/api/webhooks/${id}`)).health.condition;

const causes = [
  { what: '301', answer: { status: 301, headers: { Location: 'https://crm.example.com/new-hook' } }, en: /redirects to another address \(301\)/, fr: /redirige vers une autre adresse \(301\)/, hint: 'https://crm.example.com/new-hook' },
  { what: '401', answer: 401, en: /did not accept the signature or the credentials/, fr: /n’a pas accepté la signature/, hint: /bench|banc/ },
  { what: '429', answer: { status: 429, headers: { 'Retry-After': '1' } }, en: /asks to slow down/, fr: /demande de ralentir/, hint: /1\s(second)/ },
  { what: '500', answer: 500, en: /had an error of its own \(500\)/, fr: /a eu une erreur interne \(500\)/, hint: /log|journal/ },
];

for (const { what, answer, en, fr, hint } of causes) {
  test(`an endpoint that answers ${what}: the cause and its hint, in English and French`, async (t) => {
    const server = await started(t);
    const { webhook } = await failingWith(t, server, answer);
    const delivery = await eventually(async () => (await server.api.deliveries(`webhook_id=${webhook.id}`)).find(({ attempt_count: count }) => count > 0), 'an attempt');
    for (const [language, cause] of [['en-GB', en], ['fr-FR', fr]]) {
      const page = await openPage(t, server, { language });
      await open(page, `/deliveries/${delivery.id}`);
      await page.getByText(cause).first().waitFor();
      await page.getByText(hint).first().waitFor();
      if (language === 'fr-FR') assert.doesNotMatch(await page.locator('main').innerText(), /The endpoint|answered|redirects/);
    }
  });
}

// Causes that no response tells.
test('an endpoint that gives no response: each cause has its sentence and its hint, in English and French', async (t) => {
  const server = await started(t, { ...patient, 'delivery-timeout': '1s' });
  const silent = await Receiver.start(t, { answer: () => new Promise(() => {}) });
  const plain = await Receiver.start(t);
  const gone = await Receiver.start(t);
  await gone.close();
  const mute = createServer((socket) => socket.once('data', () => socket.destroy()).on('error', () => {})).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  t.after(() => mute.close());
  const expected = [
    { url: silent.url, en: /No response came in time/, fr: /Aucune réponse n’est venue à temps/, hint: /within 5 seconds|en 5 secondes/ },
    { url: plain.url.replace('http:', 'https:'), en: /secure connection could not be made/, fr: /connexion sécurisée n’a pas pu être établie/, hint: /certifica/ },
    { url: gone.url, en: /refused the connection/, fr: /refusé la connexion/, hint: /Nothing listens|Rien n’écoute/ },
    { url: `http://127.0.0.1:${mute.address().port}/`, en: /closed before a response/, fr: /fermée avant toute réponse/, hint: /proxy/ },
    { url: 'http://localhost.localdomain.invalid/', en: /name does not resolve/, fr: /nom de l’hôte est introuvable/, hint: /DNS/ },
  ];
  for (const each of expected) each.webhook = await server.api.webhook(each.url);
  await server.api.contact({ first_name: 'Zoé' });
  for (const { url, webhook, en, fr, hint } of expected) {
    const delivery = await eventually(async () => (await server.api.deliveries(`webhook_id=${webhook.id}`)).find(({ attempt_count: count }) => count > 0), `an attempt at ${url}`);
    for (const [language, cause] of [['en-GB', en], ['fr-FR', fr]]) {
      const page = await openPage(t, server, { language });
      await open(page, `/deliveries/${delivery.id}`);
      await page.getByText(cause).first().waitFor();
      await page.getByText(hint).first().waitFor();
      await page.context().close();
    }
  }
});

test('a failing webhook: since when, why, whose changes wait by name, and a message for the integrator', async (t) => {
  const server = await started(t, { ...patient, 'max-retries': 90 });
  const { webhook } = await failingWith(t, server, { status: 500, body: 'database is down' }, ['Zoé Martin', 'Hugo Roux']);
  await eventually(async () => (await conditionOf(server, webhook)) === 'failing', 'failing');
  for (const [language, phone, words] of [['en-GB', false, ['This endpoint is failing', 'Copy a message for your integrator']], ['fr-FR', true, ['Cet endpoint est en échec', 'Copier un message pour votre intégrateur']]]) {
    const page = await openPage(t, server, { language, phone });
    await open(page, `/webhooks/${webhook.id}`);
    const card = page.getByTestId('incident');
    await card.getByText(words[0]).waitFor();
    await card.getByText('Zoé Martin').waitFor();
    await card.getByText('Hugo Roux').waitFor();
    await assertFits(page, 'a failing webhook');
    await assertAccessible(page, 'a failing webhook');
    await screenshot(page, `incident${phone ? '-phone' : ''}`);
    await card.getByRole('button', { name: words[1] }).click();
    const message = await eventually(() => page.evaluate(() => navigator.clipboard.readText()), 'message on the clipboard');
    for (const part of [webhook.url, 'UTC', 'HTTP 500', 'database is down', 'Idempotency-Key', 'What to do: Look at the receiver’s log']) assert.ok(message.includes(part), `${part} in:\n${message}`);
  }
});

test('the backlog of a repaired endpoint: tested on the card, then sent at once, in English and French', async (t) => {
  for (const [language, phone, words] of [
    ['en-GB', false, { test: 'Test', send: 'Send the 6 now', done: '6 deliveries are on their way' }],
    ['fr-FR', true, { test: 'Tester', send: 'Envoyer les 6 maintenant', done: '6 livraisons sont en route' }],
  ]) {
    // The next retry is an hour away.
    const server = await started(t, { ...quickFlags, 'retry-base': '1h', 'max-retries': 3 });
    const names = ['Zoé Martin', 'Hugo Roux', 'Léa Faure', 'Noah Élie', 'Inès Noël', 'Jules Dubois'];
    const { receiver, webhook } = await failingWith(t, server, 500, names);
    await eventually(async () => (await conditionOf(server, webhook)) === 'failing', 'failing');
    const page = await openPage(t, server, { language, phone });
    await open(page, `/webhooks/${webhook.id}`);
    const card = page.getByTestId('incident');
    await card.getByRole('button', { name: words.send }).waitFor();
    receiver.answer = 204;
    await card.getByRole('button', { name: words.test, exact: true }).click();
    await card.getByText(/204/).waitFor();
    await assertFits(page, 'a repaired webhook');
    await assertAccessible(page, 'a repaired webhook');
    await screenshot(page, `repaired${phone ? '-phone' : ''}`);
    await card.getByRole('button', { name: words.send }).click();
    await page.getByText(words.done).waitFor();
    await eventually(async () => (await server.api.deliveries(`webhook_id=${webhook.id}&status=delivered`)).length === names.length + 1, 'all delivered, with the test');
    // Half of its attempts have failed, so it is not well for some minutes more; but it fails no longer.
    await page.locator('[data-testid="incident"][data-condition="failing"]').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: words.send }).waitFor({ state: 'detached' });
  }
});

test('enabling a webhook sends what waits for a retry, too', async (t) => {
  const server = await started(t, { ...quickFlags, 'retry-base': '1h', 'max-retries': 3 });
  const { receiver, webhook } = await failingWith(t, server, 500, ['Zoé Martin', 'Hugo Roux']);
  await eventually(async () => receiver.count >= 2, 'both attempts');
  await server.api.patch(`/api/webhooks/${webhook.id}`, { enabled: false });
  receiver.answer = 204;
  const page = await openPage(t, server);
  await open(page, `/webhooks/${webhook.id}`);
  await page.getByRole('button', { name: 'Enable' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Send all 2').waitFor();
  await dialog.getByRole('button', { name: 'Enable' }).click();
  await page.getByText('The webhook is on, and 2 deliveries are on their way').waitFor();
  await eventually(async () => (await server.api.deliveries(`webhook_id=${webhook.id}&status=delivered`)).length === 2, 'both delivered');
});

test('a viewer is offered neither a test nor to send', async (t) => {
  const server = await started(t, { ...quickFlags, 'retry-base': '1h', 'max-retries': 3 });
  const { webhook } = await failingWith(t, server, 500, ['Zoé Martin', 'Hugo Roux', 'Léa Faure', 'Noah Élie', 'Inès Noël']);
  await eventually(async () => (await conditionOf(server, webhook)) === 'failing', 'failing');
  const viewer = { name: 'Vera', email: 'vera@example.com', password: 'correct horse battery' };
  await server.api.post('/api/users', { ...viewer, role: 'viewer', scope: {} });
  const page = await openPage(t, server, { signedIn: viewer });
  await open(page, `/webhooks/${webhook.id}`);
  const card = page.getByTestId('incident');
  await card.getByRole('button', { name: 'Copy a message for your integrator' }).waitFor();
  assert.equal(await card.getByRole('button', { name: /^(Test|Send the)/ }).count(), 0);
});

test('one failure is no red page, many are; some are orange', async (t) => {
  const server = await started(t, { ...quickFlags, 'max-retries': 0 });
  const receiver = await Receiver.start(t);
  const webhook = await server.api.webhook(receiver.url, { name: 'CRM Sync' });
  const page = await openPage(t, server);
  const badge = async (word) => {
    await open(page, '/webhooks');
    await page.getByRole('row').filter({ hasText: 'CRM Sync' }).getByText(word, { exact: true }).waitFor();
  };
  const change = async (status) => {
    receiver.answer = status;
    const before = receiver.count;
    await server.api.contact({ first_name: 'Ana' });
    await eventually(() => receiver.count > before, 'a request');
  };
  await change(204);
  await badge('Healthy');
  await change(500);
  await badge('Healthy');
  await change(500);
  await eventually(async () => (await conditionOf(server, webhook)) === 'degraded', 'degraded');
  await badge('Degraded');
  for (let i = 0; i < 3; ++i) await change(500);
  await eventually(async () => (await conditionOf(server, webhook)) === 'failing', 'failing');
  await badge('Failing');
});

test('what is due is never said to lie in the past', async (t) => {
  const server = await started(t, { ...patient, 'retry-base': '300ms' });
  const { webhook } = await failingWith(t, server, 500);
  const delivery = await eventually(async () => (await server.api.deliveries(`webhook_id=${webhook.id}`)).find(({ attempt_count: count }) => count > 1), 'a retry');
  const page = await openPage(t, server);
  await open(page, `/deliveries/${delivery.id}`);
  for (let i = 0; i < 20; ++i) {
    const text = await page.locator('main').innerText();
    assert.doesNotMatch(text, /is due .* ago/);
    await page.waitForTimeout(100);
  }
});

test('home says in one sentence how all do, and shows the trouble with one button', async (t) => {
  const server = await started(t);
  await server.api.venue('venue124', { name: 'Le Petit Jardin' });
  const works = await Receiver.start(t);
  await server.api.webhook(works.url, { name: 'Billing' });
  const { webhook } = await failingWith(t, server, 503);
  await eventually(async () => (await conditionOf(server, webhook)) === 'failing', 'failing');
  for (const [language, phone, sentence, named] of [['en-GB', false, '1 of 2 webhooks works.', /^CRM Sync has failed since \d\d:\d\d\./], ['fr-FR', true, '1 webhook sur 2 fonctionne.', /^CRM Sync échoue depuis \d\d:\d\d\./]]) {
    const page = await openPage(t, server, { language, phone });
    await open(page, '/');
    await page.getByText(sentence).waitFor();
    await page.getByText(named).waitFor();
    await assertFits(page, 'home');
    await assertAccessible(page, 'home');
    await screenshot(page, `home${phone ? '-phone' : ''}`);
    await page.getByRole('region', { name: 'CRM Sync' }).getByRole('link').click();
    await page.getByTestId('incident').waitFor();
  }
});
