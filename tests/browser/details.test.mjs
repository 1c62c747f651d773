// Small things that each page must have: copy buttons that say what they copy, tabs in one line on a phone, paper without
// what can only be pressed, and lists of settings that the server searches, sorts and pages.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';

import { assertAccessible, assertFits, closeBrowser, open, openPage, startDashboard } from './dashboard.mjs';
import { populated } from './pages.mjs';

after(closeBrowser);

test('a delivery: copy buttons with names, tabs in one line on a phone, and nothing to press on paper', async (t) => {
  const server = await startDashboard(t);
  const { failed } = await populated(t, server);
  for (const [language, name] of [['en-GB', /^Copy: /], ['fr-FR', /^Copier : /]]) {
    const page = await openPage(t, server, { language, phone: true });
    await open(page, `/deliveries/${failed.id}`);
    await page.getByRole('button', { name }).first().waitFor();
    for (const list of await page.getByRole('tablist').all()) {
      const tops = await list.getByRole('tab').evaluateAll((tabs) => tabs.map((tab) => tab.getBoundingClientRect().top));
      assert.equal(new Set(tops).size, 1, 'the tabs stand in one line');
    }
    await assertFits(page, 'a delivery on a phone');
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('header').first().isVisible(), false);
    assert.equal(await page.getByRole('navigation').first().isVisible(), false);
    assert.equal(await page.getByRole('button', { name }).first().isVisible(), false);
    assert.equal(await page.locator('main pre').first().evaluate((pre) => pre.scrollHeight <= pre.clientHeight + 1), true, 'nothing is cut off on paper');
  }
});

const names = (page, table) => page.getByRole('table', { name: table }).locator('tbody tr').evaluateAll((rows) => rows.map((row) => row.querySelector('td').innerText.split('\n')[0]));

async function shows(page, table, wanted) {
  await page.waitForFunction(([label, first]) => document.querySelector(`table[aria-label="${label}"] tbody tr td`)?.innerText.startsWith(first), [table, wanted]);
}

test('venues, keys and users are searched, sorted and paged by the server', async (t) => {
  const server = await startDashboard(t);
  const { api } = server;
  const two = (number) => String(number).padStart(2, '0');
  for (let i = 0; i < 60; ++i) await api.post('/api/venues', { id: `v${two(i)}`, name: `${i === 7 ? 'Étoile' : 'Maison'} ${two(i)}` });
  for (let i = 0; i < 60; ++i) await api.post('/api/api-keys', { name: `Key ${two(i)}`, scope: { venue_id: i < 55 ? 'v00' : 'v01' }, rights: ['read'] });
  for (let i = 0; i < 9; ++i) await api.post('/api/users', { name: `User ${i}`, email: `u${i}@example.com`, role: 'viewer', scope: {}, password: 'correct horse battery' });
  const page = await openPage(t, server);
  const asked = [];
  page.on('request', (request) => { if (request.url().includes('/api/')) asked.push(new URL(request.url())); });

  await open(page, '/settings/venues');
  await shows(page, 'Venues', 'Étoile 07');
  assert.equal((await names(page, 'Venues')).length, 50);
  await page.getByRole('table', { name: 'Venues' }).getByRole('button', { name: 'Name' }).click();
  await shows(page, 'Venues', 'Maison 59');
  await page.getByRole('textbox', { name: 'Search by name or id' }).first().fill('etoile');
  await shows(page, 'Venues', 'Étoile 07');
  await page.getByText('1 in all').waitFor();
  await page.reload();
  await shows(page, 'Venues', 'Étoile 07');
  assert.equal((await names(page, 'Venues')).length, 1);
  await page.getByRole('textbox', { name: 'Search by name or id' }).first().fill('nowhere');
  await page.getByText('Nothing matches').waitFor();
  await page.getByRole('button', { name: 'Show all' }).click();
  await shows(page, 'Venues', 'Maison 59');
  await page.getByRole('button', { name: 'Next' }).click();
  await shows(page, 'Venues', 'Maison 09');
  await assertAccessible(page, 'venues');

  // The place holds for keys, too.
  await open(page, '/v/v01/settings/integrations');
  await shows(page, 'API keys', 'Key 55');
  assert.equal((await names(page, 'API keys')).length, 5);
  await open(page, '/settings/integrations');
  await page.getByRole('textbox', { name: 'Search by name, key or venue' }).fill('key 31');
  await shows(page, 'API keys', 'Key 31');

  await open(page, '/settings/users');
  await page.getByRole('textbox', { name: 'Search by name or e-mail' }).fill('u4@');
  await shows(page, 'Users and roles', 'User 4');
  const whole = asked.filter(({ pathname, searchParams }) => ['/api/api-keys', '/api/users', '/api/inboxes'].includes(pathname) && Number(searchParams.get('limit')) > 50);
  assert.deepEqual(whole.map(String), [], 'no page loads a whole list');
});

test('the chooser of the place looks the same before it was first opened and after', async (t) => {
  const server = await startDashboard(t);
  await populated(t, server);
  for (const phone of [false, true]) {
    const page = await openPage(t, server, { phone });
    await open(page, '/webhooks');
    const button = page.locator('header button[aria-haspopup=listbox]').first();
    // From the button's edges to its words and its arrows.
    const gaps = () => button.evaluate((element) => {
      const [edge, inner] = [element, element.querySelector('.mantine-Button-inner')].map((each) => each.getBoundingClientRect());
      const arrows = inner && element.querySelector('[data-position=right]').getBoundingClientRect();
      return [Math.round(inner.left - edge.left), Math.round(edge.right - arrows.right)];
    });
    const before = await gaps();
    assert.ok(before[0] < 20 && before[1] < 20, `words at the left, arrows at the right: ${before}`);
    await button.click();
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Escape');
    assert.deepEqual(await gaps(), before);
  }
});

test('the button of a menu looks the same before it was first opened and after', async (t) => {
  const server = await startDashboard(t);
  const { webhook } = await populated(t, server);
  const page = await openPage(t, server);
  const looks = (button) => button.evaluate((element) => {
    const { width, height, padding, borderTopWidth, borderTopColor, borderRadius, display } = getComputedStyle(element);
    return { width, height, padding, borderTopWidth, borderTopColor, borderRadius, display };
  });
  for (const address of ['/settings/users', '/settings/integrations', `/webhooks/${webhook.id}`]) {
    await open(page, address);
    const button = page.locator('main button[aria-haspopup=menu]').first();
    const before = await looks(button);
    await button.click();
    await page.getByRole('menuitem').first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('menuitem').first().waitFor({ state: 'hidden' });
    assert.deepEqual(await looks(button), before, address);
  }
});

test('charts have names, their words stand within them, and the documentation leads back', async (t) => {
  const server = await startDashboard(t);
  const { webhook } = await populated(t, server);
  for (const phone of [false, true]) {
    const page = await openPage(t, server, { phone });
    for (const address of [`/webhooks/${webhook.id}`, '/deliveries', '/webhooks']) {
      await open(page, address);
      const charts = page.locator('main [role=img]');
      if (phone && address === '/webhooks') continue;  // its cards have no chart
      await charts.first().waitFor();
      for (const chart of await charts.all()) {
        assert.ok((await chart.getAttribute('aria-label'))?.length > 3, `${address}: a chart without a name`);
        const outside = await chart.evaluate((plot) => {
          const box = plot.getBoundingClientRect();
          return [...plot.querySelectorAll('text')].filter((text) => {
            const { left, right, height, width } = text.getBoundingClientRect();
            return left < box.left - 1 || right > box.right + 1 || (text.textContent.length > 2 && height > width);
          }).map(({ textContent }) => textContent);
        });
        assert.deepEqual(outside, [], `${address}: words beyond the edge or upright`);
      }
    }
  }
  const page = await openPage(t, server);
  await page.goto('/docs');
  await page.getByRole('link', { name: 'Dashboard' }).click();
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  assert.equal(new URL(page.url()).pathname, '/');
});

test('one clock everywhere, of 24 hours, also for a browser of the United States', async (t) => {
  const server = await startDashboard(t);
  const { webhook, delivered } = await populated(t, server);
  for (const language of ['en-US', 'en-GB', 'fr-FR']) {
    const page = await openPage(t, server, { language });
    for (const address of ['/deliveries', `/deliveries/${delivered.id}`, `/webhooks/${webhook.id}`, '/events', '/settings/audit']) {
      await open(page, address);
      await page.locator('main time, main svg text').first().waitFor({ state: 'attached' });
      const times = await page.locator('main time').allInnerTexts();
      const axis = await page.locator('main svg text').allTextContents();
      for (const text of [...times, ...axis]) assert.doesNotMatch(text, /\d\s?[AP]M\b/i, `${address} in ${language}`);
    }
  }
});

test('the steps of a week are the days of the viewer, each by its own date, and today has what was sent today', async (t) => {
  const server = await startDashboard(t);
  const { webhook } = await populated(t, server);
  for (const [language, week, chart] of [['en-GB', '7 days', 'Deliveries and attempts'], ['fr-FR', '7 jours', 'Livraisons et tentatives']]) {
    const page = await openPage(t, server, { language });
    await open(page, `/webhooks/${webhook.id}`);
    await page.getByRole('button', { name: week }).click();
    const rows = page.getByRole('table', { name: chart }).locator('tbody tr');
    await page.waitForFunction(([label]) => document.querySelectorAll(`table[aria-label="${label}"] tbody tr`).length === 7, [chart]);
    // As the viewer's calendar has them, which is that of Paris.
    const format = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'Europe/Paris' });
    // Noon of the page's day: a day may have 23 or 25 hours.
    const noon = await page.evaluate(() => new Date().setHours(12, 0, 0, 0));
    const wanted = Array.from({ length: 7 }, (_, i) => format.format(noon - (6 - i) * 86_400_000));
    assert.deepEqual(await rows.locator('th').allTextContents(), wanted);
    const delivered = await rows.locator('td:nth-of-type(1)').allTextContents();
    assert.ok(Number(delivered.at(-1)) > 0, delivered.join());
    assert.deepEqual(delivered.slice(0, -1).map(Number), [0, 0, 0, 0, 0, 0]);
  }
});
