// Contacts and accounts in the browser: made, found, changed and deleted, with custom fields; what somebody else changed
// meanwhile is not overwritten; what a viewer cannot.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';

import { choose, closeBrowser, open, openPage, screenshot, startDashboard } from './dashboard.mjs';
import { populated } from './pages.mjs';

after(closeBrowser);

test('a contact is made with its custom fields, changed, and deleted', async (t) => {
  const server = await startDashboard(t);
  await populated(t, server);
  const page = await openPage(t, server);
  await open(page, '/contacts/new?venue_id=venue123');
  await page.getByLabel('First name').fill('Zoé');
  await page.getByLabel('Last name').fill('Lefèvre');
  await page.getByLabel('E-mail').fill('nobody');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('An e-mail address has an @.').waitFor();
  await page.getByText('This field is required.').waitFor();
  await page.getByLabel('E-mail').fill('zoe@example.com');
  await page.getByLabel('Budget').fill('1200.5');
  await page.getByLabel('Allergies').fill('Nuts');
  await choose(page, 'Status', 'VIP');
  await page.getByRole('combobox', { name: 'Interests' }).press('ArrowDown'); // its field is hidden behind its pills
  await page.getByRole('option', { name: 'Music' }).click();
  await page.keyboard.press('Escape');
  await page.getByLabel('Preferences').fill('{"table": 4}');
  await page.getByRole('combobox', { name: 'Account' }).fill('acme');
  await page.getByRole('option', { name: 'Acme Corp' }).click();
  await screenshot(page, 'contact-form');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'Zoé Lefèvre', level: 1 }).waitFor();

  const [id] = new URL(page.url()).pathname.split('/').slice(-1);
  const path = `/api/venues/venue123/contacts/${id}`;
  const made = await server.api.get(path);
  assert.equal(made.account_id, 'account-123');
  const values = Object.values(made);
  for (const value of [1200.5, 'Nuts', 'vip']) assert.ok(values.includes(value), JSON.stringify(made));
  assert.ok(values.some((value) => JSON.stringify(value) === '[1]'));
  assert.ok(values.some((value) => JSON.stringify(value) === '{"table":4}'));
  // The events that the change caused show up as they happen.
  await page.getByRole('link', { name: 'contact.created' }).first().waitFor();

  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('E-mail').fill('');
  await page.getByLabel('City').fill('Lyon');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Lyon').first().waitFor();
  const edited = await server.api.get(path);
  assert.equal(edited.city, 'Lyon');
  assert.equal('email' in edited, false);
  assert.equal(edited.account_id, 'account-123');

  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'Contacts', level: 1 }).waitFor();
  assert.equal((await server.api.call('GET', path)).status, 404);
});

test('a contact is forgotten: deleted, and its data erased from the log', async (t) => {
  const server = await startDashboard(t);
  await populated(t, server);
  await server.api.contact({ id: 'jane', first_name: 'Jane', email: 'jane@example.com' });
  const page = await openPage(t, server);
  await open(page, '/contacts/venue123/jane');
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByLabel('Erase its data everywhere').check();
  await screenshot(page, 'contact-erase');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Deleted, and its data erased').waitFor();
  const { data: events } = await server.api.get('/api/events?resource_id=jane');
  assert.equal(events.length, 2);
  assert.ok(!JSON.stringify(events).includes('jane@example.com'), JSON.stringify(events));
  await open(page, '/settings/audit');
  await page.getByRole('row', { name: /Data erased.*jane/ }).waitFor();
});

test('deleting an account says how many contacts lose it', async (t) => {
  const server = await startDashboard(t);
  await server.api.venue();
  await server.api.account({ id: 'account-1', name: 'Acme Corp' });
  for (const id of ['contact-1', 'contact-2']) await server.api.contact({ id, first_name: 'John', account_id: 'account-1' });
  const page = await openPage(t, server);
  await open(page, '/accounts/venue123/account-1');
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByText('2 contacts lose their account.').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'Accounts', level: 1 }).waitFor();
  assert.equal('account_id' in (await server.api.get('/api/venues/venue123/contacts/contact-1')), false);
});

test('an edit of a record that somebody else changed meanwhile is not saved over it', async (t) => {
  const server = await startDashboard(t);
  await server.api.venue();
  await server.api.contact({ id: 'contact-1', first_name: 'John' });
  const page = await openPage(t, server);
  await open(page, '/contacts/venue123/contact-1');
  await page.getByRole('button', { name: 'Edit' }).click();
  await server.api.patch('/api/venues/venue123/contacts/contact-1', { city: 'Paris' });
  await page.getByLabel('City').fill('Lyon');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Somebody changed this record meanwhile').waitFor();
  assert.equal(await page.getByLabel('City').inputValue(), 'Lyon');
  assert.equal((await server.api.get('/api/venues/venue123/contacts/contact-1')).city, 'Paris');
  await page.getByRole('button', { name: 'Load the present state' }).click();
  await page.getByText('Paris').waitFor();
});

test('thousands of contacts are searched and paged', async (t) => {
  const server = await startDashboard(t);
  await server.api.venue();
  for (let batch = 0; batch < 3; ++batch) {
    const contacts = Array.from({ length: 1000 }, (_, i) => ({ id: `c-${batch}-${String(i).padStart(4, '0')}`, first_name: 'Guest', last_name: `Number${batch * 1000 + i}` }));
    await server.api.post('/api/venues/venue123/contacts/batch', contacts);
  }
  const page = await openPage(t, server);
  await open(page, '/contacts');
  const rows = page.getByRole('row').filter({ hasText: 'Guest' });
  await rows.first().waitFor();
  assert.equal(await rows.count(), 50);
  // The page keeps its rows until the next ones are there.
  const first = page.getByRole('link', { name: await rows.first().getByRole('link').first().innerText(), exact: true });
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('Page 2').waitFor();
  await first.waitFor({ state: 'detached' });
  assert.equal(await rows.count(), 50);
  await page.getByRole('button', { name: 'Previous' }).click();
  await first.waitFor();
  await page.getByLabel('Search').fill('number2718');
  await page.getByRole('link', { name: 'Guest Number2718' }).waitFor();
  assert.equal(await rows.count(), 1);
});

test('a person is found without accents, in any order of words, by a number as it is dialled, in every venue of the place', async (t) => {
  const server = await startDashboard(t);
  await server.api.post('/api/venues-groups', { id: 'group-1', name: 'Maisons' });
  for (const [id, group] of [['north', 'group-1'], ['south', 'group-1'], ['alone', null]]) await server.api.post('/api/venues', { id, name: id, ...(group && { venues_group_id: group }) });
  const people = [['north', 'François', 'Lefèvre', '+33 6 12 34 56 78'], ['south', 'Zoé', "O'Neil", '+33 6 99 00 11 22'], ['alone', 'François', 'Lefèvre', '+33 1 44 55 66 77']];
  for (const [venue, first_name, last_name, phone] of people) await server.api.post(`/api/venues/${venue}/contacts`, { id: `of-${venue}`, first_name, last_name, phone });
  const page = await openPage(t, server);
  const links = page.getByRole('table').getByRole('link');
  for (const [place, words, found] of [
    ['', 'lefevre francois', ['alone', 'north']],
    ['/g/group-1', 'lefevre francois', ['north']],
    ['', '0612345678', ['north']],
    ['', '06 12 34 56 78', ['north']],
    ['/g/group-1', 'oneil zoe', ['south']],
    ['/v/south', '0612345678', []],
  ]) {
    await open(page, `${place}/contacts`);
    await page.getByLabel('Search').fill(words);
    await page.waitForURL((url) => url.searchParams.get('q') === words);
    if (found.length === 0) await page.getByText('Nothing found').waitFor();
    await page.waitForFunction((count) => document.querySelectorAll('table tbody tr').length === count, found.length);
    const addresses = await links.evaluateAll((all) => all.map((link) => link.pathname.split('/').at(-1)));
    assert.deepEqual([...new Set(addresses)].sort(), found.map((venue) => `of-${venue}`), `${words} in ${place || 'all'}`);
  }
});

test('a viewer sees records and webhooks, and cannot change them', async (t) => {
  const server = await startDashboard(t);
  const { webhook } = await populated(t, server);
  const viewer = { email: 'viewer@example.com', password: 'another horse battery' };
  await server.api.post('/api/users', { name: 'Vera', ...viewer, role: 'viewer', scope: { venue_id: 'venue123' } });
  const page = await openPage(t, server, { signedIn: viewer });
  await open(page, '/contacts/venue123/contact-456');
  await page.getByRole('heading', { name: 'John Doe', level: 1 }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Edit' }).count(), 0);
  await open(page, `/webhooks/${webhook.id}?tab=secret`);
  await page.getByText('Managers and administrators can reveal and rotate the secret.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Reveal' }).count(), 0);
  const refused = await page.evaluate(async (id) => (await fetch(`/api/webhooks/${id}/secret`)).status, webhook.id);
  assert.equal(refused, 403);
});

test('a group is one list, sorted by a click, with the columns that one chooses', async (t) => {
  const server = await startDashboard(t);
  await server.api.call('POST', '/api/venues-groups', { id: 'group-1', name: 'Paris Group' });
  for (const [id, name] of [['north', 'North'], ['south', 'South']]) {
    await server.api.call('POST', '/api/venues', { id, name, venues_group_id: 'group-1' });
  }
  await server.api.call('POST', '/api/venues/north/contacts', { id: 'c1', first_name: 'Zoé', last_name: 'Arnaud', country: 'France' });
  await server.api.call('POST', '/api/venues/south/contacts', { id: 'c2', first_name: 'Ana', last_name: 'Zola' });
  const page = await openPage(t, server);
  await open(page, '/g/group-1/contacts');
  const names = async () => (await page.locator('tbody tr td:first-child').allInnerTexts()).map((text) => text.trim());
  await page.getByRole('link', { name: 'Ana Zola' }).waitFor();
  assert.deepEqual(await names(), ['Ana Zola', 'Zoé Arnaud']);
  await page.getByRole('button', { name: 'Contact', exact: true }).click();
  await page.locator('th[aria-sort=ascending]').getByText('Contact').waitFor();
  await page.waitForFunction(() => document.querySelector('tbody tr td')?.textContent?.includes('Arnaud'));
  assert.deepEqual(await names(), ['Zoé Arnaud', 'Ana Zola']);
  await page.getByRole('cell', { name: 'North' }).waitFor();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Country' }).check();
  await page.keyboard.press('Escape');
  await page.getByRole('cell', { name: 'France' }).waitFor();
  await screenshot(page, 'group-list');
  await page.reload();
  await page.getByRole('cell', { name: 'France' }).waitFor();
  await page.getByRole('link', { name: 'New contact' }).click();
  await page.getByRole('main').getByRole('combobox', { name: 'Venue' }).click();
  await page.getByRole('option', { name: 'South' }).click();
  await page.waitForURL(/venue_id=south/);
  await page.getByLabel('Last name').fill('Sud');
  await page.getByRole('button', { name: 'Create in South' }).click();
  await page.getByRole('heading', { name: 'Sud', level: 1 }).waitFor();
  assert.match(page.url(), /contacts\/south\//);
});

test('on a phone the filters of the deliveries fold behind a button that counts them', async (t) => {
  const server = await startDashboard(t);
  await populated(t, server);
  const page = await openPage(t, server, { phone: true });
  await open(page, '/deliveries?status=delivered&status_code=2xx');
  const answer = page.getByRole('combobox', { name: 'Response' });
  await page.getByRole('button', { name: 'Filters (1)' }).waitFor();
  await screenshot(page, 'phone-deliveries-folded');
  assert.equal(await answer.count(), 0);
  await page.getByRole('button', { name: 'Filters (1)' }).click();
  await answer.waitFor();
  await screenshot(page, 'phone-deliveries-open');
});
