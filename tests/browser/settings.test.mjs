// Venues, fields, users, keys, the audit log; and what a viewer cannot.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';

import { assertFits, choose, closeBrowser, open, openPage, screenshot, startDashboard } from './dashboard.mjs';
import { populated } from './pages.mjs';

after(closeBrowser);

const row = (page, name) => page.getByRole('row').filter({ hasText: name });
const dialog = (page) => page.getByRole('dialog');

test('venues and groups are made, moved and deleted', async (t) => {
  const server = await startDashboard(t);
  const page = await openPage(t, server);
  await open(page, '/settings/venues');
  await page.getByRole('button', { name: 'New group' }).first().click();
  await dialog(page).getByLabel('Name').fill('Maisons de Paris');
  await dialog(page).getByRole('button', { name: 'Create group' }).click();
  await row(page, 'Maisons de Paris').waitFor();

  await page.getByRole('button', { name: 'New venue' }).first().click();
  await dialog(page).getByLabel('Name').fill('Le Grand Salon');
  await dialog(page).getByLabel('Id').fill('not an id!');
  await dialog(page).getByRole('button', { name: 'Create venue' }).click();
  await dialog(page).getByText(/beginning with a letter or a digit/).waitFor();
  await dialog(page).getByLabel('Id').fill('venue123');
  await choose(page, 'Group', 'Maisons de Paris');
  await dialog(page).getByRole('button', { name: 'Create venue' }).click();
  await row(page, 'venue123').waitFor();
  const venue = await server.api.get('/api/venues/venue123');
  assert.equal(venue.name, 'Le Grand Salon');
  assert.notEqual(venue.venues_group_id, null);

  // An id that is taken: the server's reason is shown, and what was typed is kept.
  await page.getByRole('button', { name: 'New venue' }).first().click();
  await dialog(page).getByLabel('Name').fill('Another');
  await dialog(page).getByLabel('Id').fill('venue123');
  await dialog(page).getByRole('button', { name: 'Create venue' }).click();
  await dialog(page).getByRole('alert').waitFor();
  assert.equal(await dialog(page).getByLabel('Name').inputValue(), 'Another');
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();

  // A venue that holds something stays, and the dialog says why.
  await server.api.contact({ first_name: 'John' });
  await page.getByRole('button', { name: 'Actions for Le Grand Salon' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await dialog(page).getByRole('button', { name: 'Delete' }).click();
  await dialog(page).getByRole('alert').waitFor();
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();
  assert.equal((await server.api.get('/api/venues/venue123')).id, 'venue123');
});

test('a custom field with options, in their order', async (t) => {
  const server = await startDashboard(t);
  await server.api.venue();
  const page = await openPage(t, server);
  await open(page, '/settings/fields');
  await page.getByRole('button', { name: 'New field' }).first().click();
  await dialog(page).getByRole('textbox', { name: 'Label', exact: true }).fill('Interests');
  await choose(page, 'Kind', 'Several choices');
  await dialog(page).getByRole('button', { name: 'Create field' }).click();
  await dialog(page).getByText('A choice needs at least one option.').waitFor();
  for (const [index, label] of ['Wine', 'Music', 'Art'].entries()) {
    await dialog(page).getByRole('button', { name: 'Add option' }).click();
    await dialog(page).getByLabel(`Label of option ${index + 1}`).fill(label);
  }
  await dialog(page).getByRole('button', { name: 'Move option 3 up' }).click();
  await dialog(page).getByRole('switch', { name: 'Required' }).check();
  await screenshot(page, 'custom-field');
  await dialog(page).getByRole('button', { name: 'Create field' }).click();
  await row(page, 'Interests').waitFor();
  const { data: [field] } = await server.api.get('/api/fields?venue_id=venue123');
  assert.equal(field.type, 'multiselect');
  assert.equal(field.isRequiredInBO, true);
  assert.deepEqual(field.data, [{ label: 'Wine', value: 0 }, { label: 'Art', value: 2 }, { label: 'Music', value: 1 }]);

  await page.getByRole('button', { name: 'Actions for Interests' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await dialog(page).getByRole('textbox', { name: 'Label', exact: true }).fill('Likes');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await row(page, 'Likes').waitFor();
  await page.getByRole('button', { name: 'Actions for Likes' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await dialog(page).getByRole('button', { name: 'Delete' }).click();
  await page.getByText('No custom field yet').waitFor();
});

test('each kind of field', async (t) => {
  const server = await startDashboard(t);
  await server.api.venue();
  const page = await openPage(t, server);
  await open(page, '/settings/fields');
  await page.getByRole('radiogroup').getByText('Accounts').click();
  const kinds = { Text: 'text', Number: 'number', Date: 'date', Object: 'object', Choice: 'select' };
  for (const [name, type] of Object.entries(kinds)) {
    await page.getByRole('button', { name: 'New field' }).first().click();
    await dialog(page).getByRole('textbox', { name: 'Label', exact: true }).fill(`My ${type}`);
    await choose(page, 'Kind', name);
    if (type === 'select') {
      await dialog(page).getByRole('button', { name: 'Add option' }).click();
      await dialog(page).getByLabel('Label of option 1').fill('Only');
      await dialog(page).getByLabel('Value of option 1').fill('only');
    }
    await dialog(page).getByRole('button', { name: 'Create field' }).click();
    await row(page, `My ${type}`).waitFor();
  }
  const { data } = await server.api.get('/api/fields?venue_id=venue123&collection=accounts');
  assert.deepEqual(data.map(({ type }) => type), Object.values(kinds));
});

test('an API key is shown once, can be copied, and works', async (t) => {
  const server = await startDashboard(t);
  await server.api.venue();
  const page = await openPage(t, server);
  await open(page, '/settings/integrations');
  await page.getByRole('button', { name: 'New API key' }).click();
  await dialog(page).getByLabel('Name').fill('CRM import');
  await dialog(page).getByRole('button', { name: 'Create key' }).click();
  const key = await dialog(page).getByRole('region', { name: 'Key' }).innerText();
  await dialog(page).getByRole('button', { name: 'Copy' }).first().click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), key);
  await screenshot(page, 'api-key');
  const response = await fetch(`${server.url}/api/venues`, { headers: { Authorization: `Bearer ${key}` } });
  assert.equal(response.status, 200);
  await dialog(page).getByRole('button', { name: 'I have copied it' }).click();
  await row(page, 'CRM import').waitFor();
  assert.equal((await page.content()).includes(key), false, 'the key is shown only once');

  await page.getByRole('button', { name: 'Actions for CRM import' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await dialog(page).getByRole('button', { name: 'Delete' }).click();
  await row(page, 'CRM import').waitFor({ state: 'detached' });
  assert.equal((await fetch(`${server.url}/api/venues`, { headers: { Authorization: `Bearer ${key}` } })).status, 401);
});

test('a viewer is made, sees, and changes nothing; the audit log tells', async (t) => {
  const server = await startDashboard(t);
  await populated(t, server);
  const viewer = { name: 'Victor', email: 'victor@example.com', password: 'a password of a viewer' };
  const page = await openPage(t, server);
  await open(page, '/settings/users');
  await page.getByRole('button', { name: 'New user' }).click();
  await dialog(page).getByLabel('Name').fill(viewer.name);
  await dialog(page).getByLabel('E-mail').fill(viewer.email);
  await dialog(page).getByRole('radio', { name: 'Viewer' }).check();
  await choose(page, 'Scope', 'Le Grand Salon');
  await dialog(page).getByRole('radio', { name: 'With a password' }).check();
  await dialog(page).getByRole('textbox', { name: 'Password' }).fill(viewer.password);
  await dialog(page).getByRole('checkbox', { name: 'They must change it' }).uncheck();
  await screenshot(page, 'new-user');
  await dialog(page).getByRole('button', { name: 'Create user' }).click();
  await row(page, viewer.email).waitFor();

  const theirs = await openPage(t, server, { signedIn: viewer });
  await open(theirs, '/settings/fields');
  await row(theirs, 'Allergies').waitFor();
  assert.equal(await theirs.getByRole('button', { name: 'New field' }).count(), 0);
  assert.equal(await theirs.getByRole('button', { name: /^Actions for/ }).count(), 0);
  assert.equal(await theirs.getByRole('link', { name: 'Users and roles' }).count(), 0);
  await open(theirs, '/settings/users');
  await theirs.getByText('This is not yours to see or do').waitFor();
  await open(theirs, '/settings/integrations');
  assert.equal(await theirs.getByText('CRM import').count(), 0);
  await open(theirs, '/settings/venues');
  assert.equal(await row(theirs, 'Le Petit Jardin').count(), 0, 'outside of the scope');

  await open(page, '/settings/audit');
  await row(page, 'User created').filter({ hasText: viewer.name }).waitFor();
  await choose(page, 'What', 'Signed in');
  await row(page, 'User created').first().waitFor({ state: 'detached' });
  await row(page, 'Signed in').first().waitFor();
});

for (const [language, words] of [['en-GB', { changed: 'Webhook changed', field: 'Requests a second', from: /^From / }], ['fr-FR', { changed: 'Webhook modifié', field: 'Requêtes par seconde', from: /^Depuis / }]]) {
  test(`the audit log says what changed in the reader's words; times keep to a line; a phone shows no empty rows (${language})`, async (t) => {
    const server = await startDashboard(t);
    await server.api.venue();
    const webhook = await server.api.webhook('https://example.com/hooks');
    await server.api.patch(`/api/webhooks/${webhook.id}`, { max_per_second: 5, ordering: 'strict' });
    await fetch(`${server.url}/api/session`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email: 'nobody@example.com', password: 'not the password' }) });
    const page = await openPage(t, server, { language });
    await open(page, '/settings/audit');
    const changed = row(page, words.changed);
    await changed.getByText(words.field).waitFor();
    assert.match(await changed.innerText(), /Strict/);
    assert.doesNotMatch(await changed.innerText(), /max_per_second|ordering/);
    await page.getByText(words.from).waitFor();
    const lines = await page.locator('tbody time').evaluateAll((all) => all.map((time) => time.getClientRects().length));
    assert.ok(lines.length > 2 && lines.every((count) => count === 1), `lines of each time: ${lines}`);

    await page.setViewportSize({ width: 390, height: 844 });
    const empty = await page.locator('tbody td').evaluateAll((all) => all.filter((cell) => cell.getBoundingClientRect().height > 0 && cell.innerText.trim() === '').length);
    assert.equal(empty, 0);
    await assertFits(page, 'the audit log');
  });
}

test('the last administrator cannot be demoted, and the form says so', async (t) => {
  const server = await startDashboard(t);
  const page = await openPage(t, server);
  await open(page, '/settings/users');
  await page.getByRole('button', { name: 'Actions for Ada Lovelace' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await dialog(page).getByRole('radio', { name: 'Viewer' }).check();
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await dialog(page).getByRole('alert').waitFor();
});
