// Contacts from a CSV file in the browser: its columns, its preview, the rows that are refused here and by the server.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test, { after } from 'node:test';

import { assertAccessible, assertFits, choose, closeBrowser, open, openPage, screenshot, startDashboard } from './dashboard.mjs';
import { populated } from './pages.mjs';

after(closeBrowser);

const upload = (page, text) =>
  page.locator('input[type=file]').setInputFiles({ name: 'guests.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });

test('contacts are imported from a CSV file; its bad rows are told and can be downloaded', async (t) => {
  const server = await startDashboard(t);
  await populated(t, server);
  const page = await openPage(t, server);
  await open(page, '/contacts');
  await page.getByRole('link', { name: 'Import' }).click();
  await upload(page, 'id\n');
  await page.getByText('This file has no rows below its header.').waitFor();
  await upload(
    page,
    [
      'id;First name;E-mail;Town;Allergies;Budget;account_id',
      'import-1;Ada;ada@example.org;Paris;Nuts;1200,5;',
      ';Zoé;zoe@example.org;Lyon;None;80;account-123',
      ';=1+1;nobody;Lyon;None;90;',
      'import-4;Jane;jane@example.org;Nice;None;70;no-such-account',
      'contact-456;;;Toulouse;;;',
    ].join('\n'),
  );
  await choose(page, 'Field: Town', 'City');
  await page.getByText('An e-mail address has an @.').waitFor();
  await screenshot(page, 'import-preview');
  await assertAccessible(page, 'import preview');
  await page.getByRole('button', { name: 'Import 4 rows' }).click();
  await page.getByRole('heading', { name: 'Import finished' }).waitFor();
  await page.getByText('4 of 4 rows').waitFor();
  await screenshot(page, 'import-done');
  await assertAccessible(page, 'import result');

  const made = await server.api.get('/api/venues/venue123/contacts/import-1');
  assert.equal(made.city, 'Paris');
  assert.ok(Object.values(made).includes(1200.5), JSON.stringify(made));
  assert.equal((await server.api.get('/api/venues/venue123/contacts/contact-456')).city, 'Toulouse');
  assert.equal((await server.api.call('GET', '/api/venues/venue123/contacts/import-4')).status, 404);

  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download as CSV' }).click()]);
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
  assert.equal(lines.length, 3);
  assert.match(lines[1], /^3;E-mail;An e-mail address has an @\.;;"?'=1\+1"?;nobody;Lyon/);
  assert.match(lines[2], /^4;Account;.*no-such-account/);
});

test('thousands of rows are imported in French on a phone', async (t) => {
  const server = await startDashboard(t);
  await server.api.venue();
  const page = await openPage(t, server, { language: 'fr-FR', phone: true });
  await open(page, '/contacts/import?venue_id=venue123');
  await upload(page, `Prénom,Nom\n${Array.from({ length: 1500 }, (_, i) => `Guest,Number${i}`).join('\n')}\n`);
  await assertFits(page, 'import');
  await screenshot(page, 'import-phone');
  await page.getByRole('button', { name: 'Importer 1500 lignes' }).click();
  await page.getByRole('heading', { name: 'Importation terminée' }).waitFor();
  await assertFits(page, 'import result');
  const { data } = await server.api.get('/api/venues/venue123/contacts?q=number1499');
  assert.equal(data.length, 1);
});

test('a viewer cannot import', async (t) => {
  const server = await startDashboard(t);
  await server.api.venue();
  const viewer = { email: 'viewer@example.com', password: 'another horse battery' };
  await server.api.post('/api/users', { name: 'Vera', ...viewer, role: 'viewer', scope: { venue_id: 'venue123' } });
  const page = await openPage(t, server, { signedIn: viewer });
  await open(page, '/contacts');
  assert.equal(await page.getByRole('link', { name: 'Import' }).count(), 0);
  await open(page, '/contacts/import');
  await page.getByText('Managers and administrators can import.').waitFor();
  assert.equal(await page.locator('input[type=file]').count(), 0);
});
