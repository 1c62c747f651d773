// The log of deliveries: rows, chips, a histogram, views, a panel, keys, marks, CSV; the palette; events; a venue's page.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test, { after } from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { quickFlags } from '../harness/shakehook.mjs';
import { assertAccessible, assertFits, closeBrowser, open, openPage, startDashboard } from './dashboard.mjs';

after(closeBrowser);

const guests = 55;
const companies = 5;

// A webhook that works and is told everything, and one that fails and is told of companies; of one venue.
async function started(t) {
  const server = await startDashboard(t, { flags: { ...quickFlags, 'max-retries': 1, 'retry-base': '100ms' } });
  const { api } = server;
  await api.venue('venue123');
  await api.venue('venue124', { name: 'Le Petit Jardin' });
  const working = await Receiver.start(t);
  const broken = await Receiver.start(t, { answer: 500 });
  const crm = await api.webhook(working.url, { name: 'HubSpot sync' });
  const failing = await api.webhook(broken.url, { name: 'Brevo', events: ['account.created'] });
  for (let i = 0; i < companies; ++i) await api.account({ id: `company-${i}`, name: `Acme ${i}` });
  for (let i = companies; i < guests; ++i) await api.contact({ id: `guest-${i}`, first_name: 'Zoé', last_name: `Martin ${i}` });
  await eventually(async () => (await api.deliveries(`webhook_id=${crm.id}&status=delivered`)).length === guests, 'all delivered', 20_000);
  await eventually(async () => (await api.deliveries(`webhook_id=${failing.id}&status=failed`)).length === companies, 'all failed', 30_000);
  return { server, api, working, broken, crm, failing };
}

const rows = (page) => page.locator('tbody tr');

for (const language of ['en-GB', 'fr-FR']) {
  const french = language === 'fr-FR';
  test(`the log shows fifteen rows at 1280 x 800 with the guest's name, and narrows by chips and by the histogram (${language})`, async (t) => {
    const { server } = await started(t);
    const page = await openPage(t, server, { language });
    await page.setViewportSize({ width: 1280, height: 800 });
    await open(page, '/deliveries');
    await page.getByText('Zoé Martin 54').first().waitFor();
    const seen = await rows(page).evaluateAll((all) => all.map((row) => row.getBoundingClientRect()).filter(({ bottom }) => bottom <= innerHeight).map(({ height }) => height));
    assert.ok(seen.length >= 15, `${seen.length} rows are seen`);
    assert.ok(seen.every((height) => Math.round(height) === 36), `rows are ${seen[0]} px`);
    assert.ok(await page.evaluate(() => document.querySelectorAll('*').length) <= 3_000);
    await assertAccessible(page, 'the log');

    await page.getByRole('button', { name: french ? 'Abandonnée' : 'Failed', exact: true }).click();
    await page.waitForURL(/status=failed/);
    await eventually(async () => (await rows(page).allInnerTexts()).every((text) => text.includes('500')), 'only failed ones');
    await page.getByRole('button', { name: french ? 'Dernière heure' : 'Last hour' }).click();
    await page.waitForURL(/range=hour/);
    await page.getByRole('button', { name: french ? 'Toujours' : 'Any time' }).click();
    const plot = await page.locator('svg[role=img]').first().boundingBox();
    await page.mouse.move(plot.x + plot.width * 0.5, plot.y + 20);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width - 2, plot.y + 20, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/since=\d+.*until=\d+/);
    assert.equal(await rows(page).count(), companies);
    await page.mouse.move(plot.x + 4, plot.y + 20);
    await page.mouse.down();
    await page.mouse.up();
    await eventually(async () => (await rows(page).count()) === 0, 'nothing a day ago');
  });
}

test('by keys alone: walk, open beside the list, send again, close; then mark several of two webhooks and send them', async (t) => {
  const { server, working, broken, failing, api } = await started(t);
  const page = await openPage(t, server);
  await open(page, '/deliveries');
  await rows(page).first().waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const panel = page.getByRole('complementary', { name: 'Delivery' });
  await panel.getByText('Idempotency-Key').waitFor();
  await page.waitForURL(/delivery=/);
  await assertAccessible(page, 'the panel');
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });

  const before = working.count;
  await page.goto('/deliveries?status=delivered');
  await rows(page).first().waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('r');
  await page.getByRole('dialog').getByRole('button', { name: 'Send again' }).click();
  await eventually(() => working.count === before + 1, 'one sent again');

  broken.answer = 204;
  await open(page, '/deliveries');
  await page.getByRole('checkbox', { name: 'Mark all rows' }).check();
  await page.getByRole('region', { name: 'Marked deliveries' }).getByRole('button', { name: 'Send 50 again' }).waitFor();
  await page.getByRole('button', { name: /Mark all that are found/ }).click();
  await page.getByRole('button', { name: 'Send 60 again' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send 60 again' }).click();
  await page.getByText('60 were put on their way.').waitFor();
  await eventually(async () => (await api.deliveries(`webhook_id=${failing.id}&status=delivered`)).length === companies, 'both webhooks got them', 20_000);
});

test('a view is kept by its name and found again; the log is exported with names', async (t) => {
  const { server } = await started(t);
  const page = await openPage(t, server);
  await open(page, '/deliveries?status=failed&range=today');
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByLabel('Name of this view').fill('=Failed today');
  await page.getByRole('button', { name: 'Keep this view' }).click();
  await open(page, '/deliveries');
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: '=Failed today' }).click();
  await page.waitForURL(/status=failed&range=today/);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'More' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Export as CSV' }).click()]);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  assert.equal(lines.length, companies + 1);
  assert.match(lines[1], /failed,account\.created,Acme 4,company-4,Brevo,/);
});

for (const [language, find, keys] of [['en-GB', 'Go to', 'Keys'], ['fr-FR', 'Aller à', 'Touches']]) {
  test(`Ctrl-K leads to pages, venues, webhooks, guests and deliveries; "?" lists the keys (${language})`, async (t) => {
    const { server, api, crm } = await started(t);
    const page = await openPage(t, server, { language });
    const [delivery] = await api.deliveries(`webhook_id=${crm.id}&event=contact.created`);
    await open(page, '/');
    const go = async (words, option) => {
      await page.keyboard.press('Control+k');
      const box = page.getByRole('combobox', { name: find });
      await box.fill(words);
      await page.getByRole('option', { name: option }).first().waitFor();
      await box.press('Enter');
      await box.waitFor({ state: 'detached' });
    };
    await go('hubspot', /HubSpot sync/);
    await page.waitForURL(`**/webhooks/${crm.id}`);
    await go('zoe martin 17', /Zoé Martin 17/);
    await page.waitForURL('**/contacts/venue123/guest-17');
    await go(delivery.id, /contact\.created/);
    await page.waitForURL(`**/deliveries/${delivery.id}`);
    await go('petit jardin', /Le Petit Jardin/);
    await page.waitForURL('**/v/venue124/venues/venue124');
    await page.getByRole('heading', { name: 'Le Petit Jardin', level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    await assertAccessible(page, 'the palette');
    await page.keyboard.press('Escape');
    await page.getByRole('combobox', { name: find }).waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: keys }).waitFor();
  });
}

test('Enter in the palette waits for what is being found; a page that comes late does not take the keyboard from it', async (t) => {
  const { server, crm } = await started(t);
  const page = await openPage(t, server);
  let held = [];
  const release = async () => {
    const waiting = held;
    held = null;
    for (const route of waiting) await route.continue();
  };
  const hold = (route) => (held === null ? route.continue() : held.push(route));
  const box = page.getByRole('combobox', { name: 'Go to' });
  const isReady = () => page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'combobox');
  await open(page, '/');

  await page.route(/\/api\/webhooks\?.*q=hubspot/, hold);
  await page.keyboard.press('Control+k');
  await isReady();
  await page.keyboard.type('hubspot');
  await page.keyboard.press('Enter');
  await eventually(() => held.length > 0, 'the search is asked for');
  assert.equal(await box.inputValue(), 'hubspot');
  await release();
  await page.waitForURL(`**/webhooks/${crm.id}`);
  await box.waitFor({ state: 'detached' });

  held = [];
  await page.route(/\/assets\/AuditPage-/, hold);
  await page.getByRole('link', { name: 'Audit log' }).click();
  await eventually(() => held.length > 0, 'the page is asked for');
  await page.keyboard.press('Control+k');
  await isReady();
  await page.keyboard.type('custom');
  await page.getByRole('option', { name: 'Custom fields' }).waitFor();
  await release();
  await page.getByRole('heading', { name: 'Audit log' }).waitFor();
  await page.keyboard.type(' fields');
  assert.equal(await box.inputValue(), 'custom fields');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/settings/fields');
  await box.waitFor({ state: 'detached' });
});

for (const [language, words] of [['en-GB', { ahead: /to come/, owed: 'Owed to no webhook', why: 'Does not take contact.updated' }], ['fr-FR', { ahead: /à venir/, owed: 'Dû à aucun webhook', why: 'Ne prend pas contact.updated' }]]) {
  test(`an event shows its deliveries and why others were owed none; attempts to come are hollow (${language})`, async (t) => {
    const { server, api, broken } = await started(t);
    broken.answer = 500;
    await api.patch('/api/venues/venue123/contacts/guest-11', { title: 'VIP' });
    await api.contact({ id: 'alone', first_name: 'Ana' }, undefined, 'venue124');
    const page = await openPage(t, server, { language, phone: true });
    await open(page, '/events');
    await page.getByText(words.owed).first().waitFor();
    await assertFits(page, 'events');
    await page.getByRole('link', { name: 'contact.updated' }).first().click();
    await page.getByText(words.why).waitFor();
    await page.getByRole('link', { name: 'Brevo' }).waitFor();
    await assertAccessible(page, 'an event');
  });
}

test('the attempts of a delivery stand on a line of time, those to come hollow', async (t) => {
  const server = await startDashboard(t, { flags: { 'allow-target': '127.0.0.0/8', 'allow-http-targets': true, 'retry-base': '20s' } });
  await server.api.venue();
  const broken = await Receiver.start(t, { answer: 500 });
  const webhook = await server.api.webhook(broken.url);
  await server.api.contact({ first_name: 'Zoé' });
  const delivery = await eventually(async () => (await server.api.deliveries(`webhook_id=${webhook.id}`)).find(({ attempt_count: count }) => count === 1), 'an attempt');
  for (const [language, name] of [['en-GB', '1 attempt, 1 failed, 10 to come'], ['fr-FR', '1 tentative, 1 en échec, 10 à venir']]) {
    const page = await openPage(t, server, { language });
    await open(page, `/deliveries/${delivery.id}`);
    const line = page.getByRole('img', { name });
    await line.waitFor();
    assert.equal(await line.locator('circle').count(), 11);
    await page.getByText(/data/).first().waitFor();
    await page.getByRole('region', { name: /Formatted|Mis en forme/ }).getByText(/20\d\d, \d\d:\d\d|20\d\d \u00e0 \d\d:|20\d\d/).first().waitFor();
  }
});

test('on a phone: cards, a bar under the thumb, and a venue with its webhooks, people and fields', async (t) => {
  const { server } = await started(t);
  const page = await openPage(t, server, { language: 'fr-FR', phone: true });
  await open(page, '/');
  const bar = page.getByRole('navigation', { name: 'Pages principales' });
  await bar.getByRole('link', { name: 'Livraisons' }).click();
  await page.waitForURL('**/deliveries');
  await rows(page).first().waitFor();
  await assertFits(page, 'the log');
  await rows(page).first().getByText(/Zoé Martin/).click();
  await page.waitForURL(/deliveries\/[0-9a-f-]{36}$/);
  await open(page, '/venues/venue123');
  await page.getByRole('link', { name: 'HubSpot sync' }).waitFor();
  await page.getByText('ada@example.com').waitFor();
  await assertFits(page, 'a venue');
  await assertAccessible(page, 'a venue');
});
