// Checks of all pages: accessible in both schemes, no wider than a phone, in both languages, by keyboard; and the
// weight of the first load.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';

import { assertAccessible, assertFits, closeBrowser, open, openPage, screenshot, startDashboard } from './dashboard.mjs';
import { pages, populated } from './pages.mjs';

after(closeBrowser);

const firstLoadBytesMax = 300_000;
const addressOf = (address, made) => (typeof address === 'function' ? address(made) : address);

test('axe finds nothing serious on any page, in light and in dark', async (t) => {
  const server = await startDashboard(t);
  const made = await populated(t, server);
  const page = await openPage(t, server);
  for (const { name, address } of pages) {
    await open(page, addressOf(address, made));
    await assertAccessible(page, name);
    await screenshot(page, `${name}-dark`);
    await page.emulateMedia({ colorScheme: 'light' });
    await screenshot(page, name);
  }
});

test('every page fits a phone, and its navigation is a drawer', async (t) => {
  const server = await startDashboard(t);
  const made = await populated(t, server);
  const page = await openPage(t, server, { phone: true });
  for (const { name, address } of pages) {
    await open(page, addressOf(address, made));
    await assertFits(page, name);
    await screenshot(page, `${name}-phone`);
  }
  const link = page.getByRole('link', { name: 'Custom fields' });
  assert.equal(await link.isVisible(), false);
  await page.getByRole('button', { name: 'Menu' }).click();
  await link.waitFor();
  await assertAccessible(page, 'drawer');
  await link.click();
  await page.getByRole('heading', { name: 'Custom fields', level: 1 }).waitFor();
  await link.waitFor({ state: 'hidden' });
});

test('every page in French, and nothing untranslated', async (t) => {
  const server = await startDashboard(t);
  const made = await populated(t, server);
  const page = await openPage(t, server, { language: 'fr-FR' });
  for (const { name, address } of pages) {
    await open(page, addressOf(address, made));
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'fr', name);
    const text = await page.locator('body').innerText();
    // A key that has no text shows as itself.
    assert.doesNotMatch(text, /\b[a-z_]+\.[a-z_]+\b(?!\.(com|example|json))(?=\s|$)(?<!example\.com|contact\.\w+|account\.\w+)/, name);
    await assertFits(page, name);
  }
});

test('language and scheme are chosen in the header and remembered', async (t) => {
  const server = await startDashboard(t);
  await server.api.venue();
  const page = await openPage(t, server);
  await open(page, '/settings/venues');
  await page.getByRole('button', { name: 'Language' }).click();
  await page.getByRole('menuitemradio', { name: 'Français' }).click();
  await page.getByRole('heading', { name: 'Établissements et groupes', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Apparence' }).click();
  await page.getByRole('menuitemradio', { name: 'Sombre' }).click();
  await page.reload();
  await page.getByRole('heading', { name: 'Établissements et groupes', level: 1 }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.mantineColorScheme), 'dark');
});

test('by keyboard alone: skip link, navigation, a dialog and out of it', async (t) => {
  const server = await startDashboard(t);
  await server.api.venue();
  const page = await openPage(t, server);
  await open(page, '/settings/venues');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to the contents');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').waitFor();
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('row').filter({ hasText: 'By keyboard' }).waitFor();
});

test('the first load is light, and asks the server alone', async (t) => {
  const server = await startDashboard(t);
  await server.api.venue();
  const page = await openPage(t, server);
  await open(page, '/');
  await page.waitForLoadState('networkidle').catch(() => {});
  const bytes = await page.evaluate(() =>
    performance.getEntries().filter((entry) => 'transferSize' in entry).reduce((sum, entry) => sum + entry.transferSize, 0));
  assert.ok(bytes > 50_000, `${bytes} is too little to be true`);
  assert.ok(bytes < firstLoadBytesMax, `the first load takes ${bytes} bytes`);
});
