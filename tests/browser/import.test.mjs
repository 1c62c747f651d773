// Contacts from a CSV file in the browser: its columns, its preview, the server's job and what it refused.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test, { after } from 'node:test';

import { assertAccessible, assertFits, choose, closeBrowser, open, openPage, screenshot, startDashboard } from './dashboard.mjs';
import { populated } from './pages.mjs';

after(closeBrowser);

const upload = (page, text) =>
  page.locator('input[type=file]').setInputFiles({ name: 'guests.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
const preview = (page, text) => page.getByRole('table', { name: 'Preview' }).getByText(text, { exact: true });

test('contacts are imported from a CSV file; its bad rows are told and can be downloaded', async (t) => {
  const server = await startDashboard(t);
  await populated(t, server);
  const page = await openPage(t, server);
  await open(page, '/v/venue123/contacts');
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
  const problems = page.getByRole('table', { name: 'Rows with errors' });
  await problems.getByRole('row', { name: /^4 Account The venue has no such account/ }).waitFor();
  await page.getByRole('button', { name: 'Import 3 rows into Le Grand Salon' }).click();
  await page.getByRole('heading', { name: 'Import finished' }).waitFor();
  await page.getByText('5 of 5 rows').waitFor();
  await screenshot(page, 'import-done');
  await assertAccessible(page, 'import result');

  const made = await server.api.get('/api/venues/venue123/contacts/import-1');
  assert.equal(made.city, 'Paris');
  assert.ok(Object.values(made).includes(1200.5), JSON.stringify(made));
  assert.equal((await server.api.get('/api/venues/venue123/contacts/contact-456')).city, 'Toulouse');
  assert.equal((await server.api.call('GET', '/api/venues/venue123/contacts/import-4')).status, 404);

  const errors = page.getByRole('table', { name: 'Rows with errors' });
  await errors.getByRole('row', { name: /^3 E-mail / }).waitFor();
  await errors.getByRole('row', { name: /^4 Account / }).waitFor();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download as CSV' }).click()]);
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
  assert.equal(lines.length, 3, lines.join('\n'));
  assert.match(lines[1], /^"?3"?[;,]email[;,].*'=1\+1.*nobody/);
  assert.match(lines[2], /^"?4"?[;,]account_id[;,].*no-such-account/);
});

test('the server reads what Excel writes, says how, and is told otherwise', async (t) => {
  const server = await startDashboard(t);
  await server.api.venue();
  const page = await openPage(t, server);
  await open(page, '/v/venue123/contacts/import');
  await upload(page, Buffer.from('id;first_name;email\r\nx1;Zo\xe9;\xa0zoe@example.org\xa0\r\nx2;"Fran\xe7ois;f@example.org\r\nx3;No\xebl;n@example.org\r\n', 'latin1'));
  await preview(page, 'Zoé').waitFor();
  const encoding = page.getByRole('combobox', { name: 'Encoding' });
  const delimiter = page.getByRole('combobox', { name: 'Columns are parted by' });
  assert.equal(await encoding.inputValue(), 'windows-1252');
  assert.equal(await delimiter.inputValue(), 'Semicolon ;');
  await page.getByText('A quote opens in line 3 of the file and is not closed.').waitFor();
  await screenshot(page, 'import-format');
  await assertAccessible(page, 'import format');

  await choose(page, 'Encoding', 'macintosh');
  await preview(page, 'ZoÈ').waitFor();
  await choose(page, 'Encoding', 'windows-1252');
  await preview(page, 'Zoé').waitFor();
  await choose(page, 'Columns are parted by', 'Comma ,');
  await page.getByText('Say of one column at least which field it fills.').waitFor();
  await choose(page, 'Columns are parted by', 'Semicolon ;');
  await page.getByRole('button', { name: 'Import 2 rows into Le Grand Salon' }).click();
  await page.getByRole('heading', { name: 'Import finished' }).waitFor();
  await page.getByText('A quote opens in line 3 of the file and is not closed.').waitFor();
  const { data } = await server.api.get('/api/venues/venue123/contacts');
  assert.deepEqual(data.map(({ id, first_name, email }) => [id, first_name, email]).sort(), [
    ['x1', 'Zoé', 'zoe@example.org'], ['x3', 'Noël', 'n@example.org'],
  ]);
});

test('a file whose encoding cannot be told is read once somebody says it', async (t) => {
  const server = await startDashboard(t);
  await server.api.venue();
  const page = await openPage(t, server);
  await open(page, '/v/venue123/contacts/import');
  await upload(page, Buffer.concat([Buffer.from('id,first_name\ny1,'), Buffer.from([0xc8, 0xe2, 0xe0, 0xed]), Buffer.from('\n')]));
  await page.getByText('The encoding of the file cannot be recognized. Choose it.').waitFor();
  await choose(page, 'Encoding', 'windows-1251');
  await preview(page, 'Иван').waitFor();
});

test('thousands of rows are imported in French on a phone', async (t) => {
  const server = await startDashboard(t);
  await server.api.venue();
  const page = await openPage(t, server, { language: 'fr-FR', phone: true });
  await open(page, '/v/venue123/contacts/import');
  await upload(page, `Prénom,Nom\n${Array.from({ length: 1500 }, (_, i) => `Guest,Number${i}`).join('\n')}\n`);
  await assertFits(page, 'import');
  await screenshot(page, 'import-phone');
  await page.getByRole('button', { name: 'Importer 1500 lignes' }).click();
  await page.getByRole('heading', { name: 'Importation terminée' }).waitFor();
  await assertFits(page, 'import result');
  const { data } = await server.api.get('/api/venues/venue123/contacts?q=number1499');
  assert.equal(data.length, 1);
});

test('an import goes on when its page is closed, is found again, and can be stopped', async (t) => {
  const server = await startDashboard(t);
  await server.api.venue();
  const rows = (from, count) => `id,last_name\n${Array.from({ length: count }, (_, i) => `g${from + i},Number${i}`).join('\n')}\n`;
  const page = await openPage(t, server);
  await open(page, '/v/venue123/contacts/import');
  await upload(page, rows(0, 20_000));
  await page.getByRole('button', { name: 'Import 20000 rows into Le Grand Salon' }).click();
  await page.waitForURL(/\/contact-imports\//);
  const address = page.url();
  await page.close();

  const again = await openPage(t, server);
  await open(again, '/v/venue123/contacts/import');
  await again.getByRole('table', { name: 'Last imports' }).getByRole('link').first().click();
  await again.getByRole('heading', { name: 'Import finished' }).waitFor({ timeout: 60_000 });
  assert.equal(again.url(), address);
  await again.getByText('20000 of 20000 rows').waitFor();
  assert.equal((await server.api.call('GET', '/api/venues/venue123/contacts/g19999')).status, 200);

  await open(again, '/v/venue123/contacts/import');
  await upload(again, rows(50_000, 90_000));
  await again.getByRole('button', { name: 'Import 90000 rows into Le Grand Salon' }).click();
  await again.getByRole('button', { name: 'Stop' }).click();
  await again.getByRole('heading', { name: 'Import stopped' }).waitFor();
  await screenshot(again, 'import-stopped');
  const { data: [stopped] } = await server.api.get('/api/venues/venue123/imports');
  assert.equal(stopped.state, 'canceled');
  assert.ok(stopped.done < 90_000, JSON.stringify(stopped));
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
