// The server goes and comes back.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';

import { assertAccessible, closeBrowser, open, openPage, screenshot, startDashboard } from './dashboard.mjs';

after(closeBrowser);

test('a banner while the server is gone; it reconnects by itself and shows what is new', async (t) => {
  const server = await startDashboard(t);
  await server.api.venue();
  const page = await openPage(t, server);
  await open(page, '/settings/venues');
  await page.getByRole('button', { name: 'New venue' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Typed before');
  const { port } = new URL(server.url);
  await server.stop();
  await dialog.getByRole('button', { name: 'Create venue' }).click();
  await dialog.getByText(/It may be restarting/).waitFor();
  assert.equal(await dialog.getByLabel('Name').inputValue(), 'Typed before');
  const banner = page.getByText('The server does not answer');
  await banner.waitFor();
  await assertAccessible(page, 'offline');
  await screenshot(page, 'offline');

  await server.launch(port);
  await server.api.venue('venue2', { name: 'Made meanwhile' });
  await banner.waitFor({ state: 'detached' });
  await dialog.getByRole('button', { name: 'Create venue' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('row').filter({ hasText: 'Typed before' }).waitFor();
  await page.getByRole('row').filter({ hasText: 'Made meanwhile' }).waitFor();
});

test('a page that is opened while the server is gone says so, and loads once it is back', async (t) => {
  const server = await startDashboard(t);
  await server.api.venue();
  const page = await openPage(t, server);
  await open(page, '/settings/venues');
  const { port } = new URL(server.url);
  await server.stop();
  // Neither the page's own file nor what it shows is there.
  await page.getByRole('link', { name: 'Users and roles' }).click();
  await page.getByText('The server cannot be reached').waitFor();
  await server.launch(port);
  await page.getByRole('row').filter({ hasText: 'ada@example.com' }).waitFor();
  page.complaints = page.complaints.filter((text) => !text.includes('dynamically imported module'));
});
