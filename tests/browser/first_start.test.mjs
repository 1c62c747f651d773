// From the printed token to the first page, and in and out again.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';

import { Shakehook } from '../harness/shakehook.mjs';
import { administrator, assertAccessible, closeBrowser, openPage, open, screenshot, settled, setupToken, signIn, startDashboard } from './dashboard.mjs';

after(closeBrowser);

test('the printed token makes the first administrator, then the first venue', async (t) => {
  const server = await Shakehook.start(t);
  const page = await openPage(t, server, { signedIn: null });
  await page.goto('/');
  await page.getByRole('heading', { name: 'Welcome to Shakehook' }).waitFor();
  await assertAccessible(page, 'first start');
  await screenshot(page, 'first-start');

  await page.getByLabel('One-time token').fill('wrong');
  await page.getByLabel('Name').fill(administrator.name);
  await page.getByLabel('E-mail').fill(administrator.email);
  await page.getByRole('textbox', { name: 'Password' }).fill('short');
  await page.getByRole('button', { name: 'Create administrator' }).click();
  // Refused by the server: at the field, and what was typed is kept.
  await page.locator('#root').getByRole('textbox', { name: 'One-time token' }).and(page.locator('[aria-invalid=true]')).waitFor();
  assert.equal(await page.getByLabel('Name').inputValue(), administrator.name);

  await page.getByLabel('One-time token').fill(setupToken(server));
  await page.getByRole('button', { name: 'Create administrator' }).click();
  await page.getByText('At least 12 characters.').waitFor();
  await page.getByRole('textbox', { name: 'Password' }).fill(administrator.password);
  await page.getByRole('button', { name: 'Create administrator' }).click();
  await page.getByRole('heading', { name: 'First, your venue' }).waitFor();
  await screenshot(page, 'first-venue');
  await page.getByLabel('Name of the venue').fill('Le Grand Salon');
  await page.getByLabel('Id').fill('venue123');
  await page.getByRole('button', { name: 'Create venue' }).click();
  await page.getByRole('heading', { name: 'Access webhook settings' }).waitFor();
  assert.equal((await server.api.get('/api/venues/venue123')).name, 'Le Grand Salon');

  await open(page, '/setup');
  await page.getByRole('heading', { name: 'Getting started' }).waitFor();
});

test('signing in and out', async (t) => {
  const server = await startDashboard(t);
  const page = await openPage(t, server, { signedIn: null });
  await page.goto('/settings/venues');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await assertAccessible(page, 'sign in');
  await screenshot(page, 'sign-in');
  await signIn(page, { ...administrator, password: 'not the password' });
  await page.getByText('This e-mail and password do not go together.').waitFor();
  assert.equal(await page.getByLabel('E-mail').inputValue(), administrator.email);
  await signIn(page, administrator);
  // Back to where it was meant to go.
  await page.getByRole('heading', { name: 'Venues and groups', level: 1 }).waitFor();

  await page.getByRole('button', { name: 'Account of Ada Lovelace' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.goto('/settings/venues');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('a session that ended leads to the sign-in page and back', async (t) => {
  const server = await startDashboard(t);
  await server.api.venue();
  const page = await openPage(t, server);
  await open(page, '/settings/venues');
  await page.context().clearCookies();
  await page.getByRole('link', { name: 'Users and roles' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await signIn(page, administrator);
  await page.getByRole('heading', { name: 'Users and roles', level: 1 }).waitFor();
  await settled(page);
});

test('guessing passwords is slowed, and says for how long', async (t) => {
  const server = await startDashboard(t);
  const page = await openPage(t, server, { signedIn: null });
  await page.goto('/sign-in');
  const refused = page.getByText(/Please wait \d+ seconds?/);
  for (let i = 0; i < 40 && !(await refused.isVisible()); ++i) {
    const answered = page.waitForResponse((response) => response.url().endsWith('/api/session') && response.request().method() === 'POST');
    await signIn(page, { ...administrator, password: `guess number ${i}` });
    await answered;
  }
  await refused.waitFor();
});

test("one's own password is changed, and the old one is refused afterwards", async (t) => {
  const server = await startDashboard(t);
  const page = await openPage(t, server);
  await open(page, '/account');
  await page.getByRole('textbox', { name: 'Current password' }).fill('not my password');
  await page.getByRole('textbox', { name: 'New password' }).fill('another long password');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.locator('[aria-invalid=true], [role=alert]').first().waitFor();
  await page.getByRole('textbox', { name: 'Current password' }).fill(administrator.password);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('Password changed').waitFor();
  const old = await fetch(`${server.url}/api/session`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(administrator),
  });
  assert.equal(old.ok, false);
});
