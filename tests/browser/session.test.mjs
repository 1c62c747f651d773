// The pages keep what was typed: when the session ends, before a form is left, and Back finds the list as it was.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';

import { Receiver } from '../harness/receiver.mjs';
import { administrator, assertAccessible, closeBrowser, open, openPage, startDashboard } from './dashboard.mjs';

after(closeBrowser);

async function started(t) {
  const server = await startDashboard(t);
  await server.api.venue();
  return server;
}

test('a session that ends while somebody types: they sign in in a dialog, and their text is saved', async (t) => {
  const server = await started(t);
  const page = await openPage(t, server);
  await open(page, '/contacts/new');
  await page.getByLabel('Last name').fill('Martin');
  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Create in Le Grand Salon' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Your session has ended').waitFor();
  await assertAccessible(page, 'the dialog to sign in again');
  await dialog.getByRole('textbox', { name: 'Password' }).fill(administrator.password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await page.getByLabel('Last name').inputValue(), 'Martin');
  await page.getByRole('button', { name: 'Create in Le Grand Salon' }).click();
  await page.getByRole('heading', { name: 'Martin', level: 1 }).waitFor();
});

test('a form with text asks before it is left, and not once it is saved', async (t) => {
  const server = await started(t);
  const page = await openPage(t, server, { language: 'fr-FR' });
  await open(page, '/contacts/new');
  await page.getByLabel('Nom', { exact: true }).fill('Martin');
  await page.getByRole('link', { name: 'Webhooks', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Quitter sans enregistrer ?').waitFor();
  await dialog.getByRole('button', { name: 'Rester' }).click();
  assert.equal(await page.getByLabel('Nom', { exact: true }).inputValue(), 'Martin');
  await page.getByRole('button', { name: 'Créer dans Le Grand Salon' }).click();
  await page.getByRole('heading', { name: 'Martin', level: 1 }).waitFor();
  await page.getByRole('link', { name: 'Webhooks', exact: true }).click();
  await page.waitForURL('**/webhooks');
});

test('Back restores page, search, sort and scroll of a list', async (t) => {
  const server = await started(t);
  const contacts = Array.from({ length: 120 }, (_, i) => ({ id: `c-${String(i).padStart(3, '0')}`, first_name: 'Ana', last_name: `Martin ${String(i).padStart(3, '0')}` }));
  await server.api.post('/api/venues/venue123/contacts/batch', [...contacts, { id: 'other', last_name: 'Roux' }]);
  const page = await openPage(t, server);
  await open(page, '/contacts?q=martin&sort=name');
  await page.getByRole('link', { name: 'Ana Martin 000' }).waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  const row = page.getByRole('link', { name: 'Ana Martin 090' });
  await row.waitFor();
  await row.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => scrollY);
  assert.ok(before > 200, `scrolled to ${before}`);
  await row.click();
  await page.getByRole('heading', { name: 'Ana Martin 090', level: 1 }).waitFor();
  await page.goBack();
  await row.waitFor();
  await page.getByText('Page 2').waitFor();
  assert.equal(await page.getByRole('textbox', { name: /Search/ }).inputValue(), 'martin');
  await page.waitForFunction((wanted) => Math.abs(scrollY - wanted) < 5, before);
  await page.reload();
  await row.waitFor();
});

test('a reload at the secret of a new webhook shows no empty form', async (t) => {
  const server = await started(t);
  const receiver = await Receiver.start(t);
  const page = await openPage(t, server);
  await open(page, '/webhooks/new');
  await page.getByLabel('Name').first().fill('CRM Sync');
  await page.getByLabel('URL').first().fill(receiver.url);
  await page.getByText('Choose all').first().click();
  await page.getByRole('button', { name: 'Create webhook' }).click();
  await page.getByText(/^whsec_/).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: /CRM Sync/, level: 1 }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Create webhook' }).count(), 0);
  await page.getByRole('button', { name: 'Reveal' }).click();
  await page.getByText(/^whsec_/).waitFor();
});

test('the keyboard goes to the first field that is wrong, and on a new page to its heading', async (t) => {
  const server = await started(t);
  const page = await openPage(t, server);
  await open(page, '/webhooks/new');
  await page.getByRole('button', { name: 'Create webhook' }).click();
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true');
  await page.getByRole('link', { name: 'Deliveries', exact: true }).click();
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1' && document.activeElement.textContent === 'Deliveries');
});

test('a network that goes is noticed at once', async (t) => {
  const server = await started(t);
  const page = await openPage(t, server);
  await open(page, '/contacts');
  await page.context().setOffline(true);
  await page.getByText('The server does not answer').waitFor({ timeout: 3_000 });
  await page.context().setOffline(false);
  await page.getByRole('alert').waitFor({ state: 'detached' });
});

test('two servers on one host keep their own sessions', async (t) => {
  const [one, other] = [await startDashboard(t), await startDashboard(t)];
  const page = await openPage(t, one);
  const browser = page.context().request;
  const signedIn = async (server) => (await browser.get(`${server.url}/api/session`)).status();
  assert.deepEqual([await signedIn(one), await signedIn(other)], [200, 401]);
  const { email, password } = administrator;
  assert.equal((await browser.post(`${other.url}/api/session`, { data: { email, password } })).status(), 201);
  assert.deepEqual([await signedIn(one), await signedIn(other)], [200, 200]);
  await open(page, '/getting-started');
  assert.equal(new URL(page.url()).pathname, '/getting-started', 'not the sign-in');
  const names = (await page.context().cookies()).map(({ name }) => name);
  assert.equal(new Set(names).size, 2, names.join());
});
