// The place of a page is in its address: what is made, listed and linked to is of that place, in every tab by itself.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';

import { Receiver } from '../harness/receiver.mjs';
import { assertAccessible, closeBrowser, open, openPage, screenshot, startDashboard } from './dashboard.mjs';

after(closeBrowser);

async function twoVenues(t) {
  const server = await startDashboard(t);
  await server.api.post('/api/venues-groups', { id: 'paris', name: 'Maisons de Paris' });
  await server.api.post('/api/venues', { id: 'abri', name: "L'Abri", venues_group_id: 'paris' });
  await server.api.post('/api/venues', { id: 'orangerie', name: "L'Orangerie", venues_group_id: 'paris' });
  await server.api.post('/api/venues', { id: 'zenith', name: 'Zénith' });
  return server;
}

const chooser = (page) => page.getByRole('button', { name: /^(Venue or group|Établissement ou groupe):/ });
const placeNow = async (page) => (await chooser(page).getAttribute('aria-label')).replace(/^[^:]*: /, '');

async function choosePlace(page, typed, option) {
  await chooser(page).click();
  await page.keyboard.type(typed);
  await page.getByRole('option', { name: option, exact: true }).first().click();
}

for (const [what, phone] of [['a laptop', false], ['a phone', true]]) {
  test(`a new contact is made in the venue that the header names, on ${what}`, async (t) => {
    const server = await twoVenues(t);
    const page = await openPage(t, server, { phone });
    await open(page, '/contacts');
    assert.equal(await placeNow(page), 'All venues');
    await choosePlace(page, 'orang', "L'Orangerie");
    await page.waitForURL('**/v/orangerie/contacts');
    await page.getByRole('link', { name: 'New contact' }).first().click();
    await page.waitForURL('**/v/orangerie/contacts/new');
    await page.getByLabel('Last name').fill('Martin');
    await screenshot(page, `new-contact-place${phone ? '-phone' : ''}`);
    await page.getByRole('button', { name: "Create in L'Orangerie" }).click();
    await page.getByRole('heading', { name: 'Martin', level: 1 }).waitFor();
    assert.equal((await server.api.get('/api/venues/orangerie/contacts')).data.length, 1);
    assert.equal((await server.api.get('/api/venues/abri/contacts')).data.length, 0);
  });
}

test('where the place is a group or all, a new account asks which venue, and takes none by itself', async (t) => {
  const server = await twoVenues(t);
  const page = await openPage(t, server, { language: 'fr-FR' });
  for (const place of ['', '/g/paris']) {
    await open(page, `${place}/accounts/new`);
    await page.getByText('Dans quel établissement ?').waitFor();
    assert.equal(await page.getByRole('button', { name: /^Créer/ }).count(), 0);
    await page.getByRole('main').getByRole('combobox', { name: 'Établissement' }).click();
    await page.getByRole('option', { name: "L'Orangerie" }).click();
    await page.getByLabel('Nom', { exact: true }).fill(`Société ${place}`);
    await page.getByRole('button', { name: "Créer dans L'Orangerie" }).click();
    await page.getByRole('heading', { name: /Société/, level: 1 }).waitFor();
  }
  assert.equal((await server.api.get('/api/venues/orangerie/accounts')).data.length, 2);
});

test('two tabs are in two places, links keep theirs, and a reload changes nothing', async (t) => {
  const server = await twoVenues(t);
  const first = await openPage(t, server);
  await open(first, '/v/abri/contacts');
  const second = await first.context().newPage();
  await open(second, '/v/zenith/contacts');
  await first.reload();
  assert.equal(await placeNow(first), "L'Abri");
  assert.equal(await placeNow(second), 'Zénith');
  for (const [page, id] of [[first, 'abri'], [second, 'zenith']]) {
    await page.getByRole('link', { name: 'Webhooks', exact: true }).click();
    await page.waitForURL(`**/v/${id}/webhooks`);
    await page.getByRole('link', { name: 'Deliveries', exact: true }).click();
    await page.waitForURL(`**/v/${id}/deliveries`);
  }
  await first.goBack();
  await first.waitForURL('**/v/abri/webhooks');
});

test('webhooks, deliveries and integrations follow the place, and say whose they are', async (t) => {
  const server = await twoVenues(t);
  const receiver = await Receiver.start(t);
  const make = (name, scope) => server.api.post('/api/webhooks', { name, url: receiver.url, events: ['contact.created'], scope });
  await make('Of the Abri', { venue_id: 'abri' });
  await make('Of the Orangerie', { venue_id: 'orangerie' });
  await make('Of the group', { venues_group_id: 'paris' });
  await make('Of the Zénith', { venue_id: 'zenith' });
  for (const venue of ['abri', 'orangerie', 'zenith']) await server.api.post(`/api/venues/${venue}/contacts`, { id: `of-${venue}`, first_name: `Ana of-${venue}` });
  await receiver.received(5);
  const page = await openPage(t, server);
  for (const address of ['webhooks', 'settings/integrations']) {
    await open(page, `/v/orangerie/${address}`);
    await page.getByRole('link', { name: 'Of the Orangerie' }).waitFor();
    await page.getByRole('link', { name: 'Of the group' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'Of the Abri' }).count(), 0, address);
    assert.equal(await page.getByRole('link', { name: 'Of the Zénith' }).count(), 0, address);
    await page.getByRole('cell', { name: "L'Orangerie" }).first().waitFor();
  }
  await open(page, '/v/orangerie/deliveries');
  await page.getByText('of-orangerie').first().waitFor();
  assert.equal(await page.getByText('of-abri').count(), 0);
  await open(page, '/g/paris/deliveries');
  await page.getByText('of-abri').first().waitFor();
  assert.equal(await page.getByText('of-zenith').count(), 0);
  await page.getByRole('cell', { name: "L'Abri" }).first().waitFor();
  await open(page, '/deliveries');
  await page.getByText('of-zenith').first().waitFor();
  await assertAccessible(page, 'deliveries of all venues');
});

test('what was delivered of a record is shown by its venue: another one of the same id is not mistaken for it', async (t) => {
  const server = await twoVenues(t);
  const receiver = await Receiver.start(t);
  const webhook = await server.api.post('/api/webhooks', { name: 'CRM', url: receiver.url, events: ['contact.created', 'contact.updated'], scope: { venues_group_id: 'paris' } });
  await server.api.post('/api/venues/abri/contacts', { id: 'same', first_name: 'Ana' });
  await receiver.received(1);
  await server.api.post('/api/venues/orangerie/contacts', { id: 'same', first_name: 'Zoé' });
  for (let i = 0; i < 25; ++i) await server.api.patch('/api/venues/orangerie/contacts/same', { title: `Guest ${i}` });
  await receiver.received(27);
  const page = await openPage(t, server);
  await open(page, '/contacts/abri/same');
  await page.getByRole('heading', { name: 'Deliveries' }).waitFor();
  await page.getByRole('link', { name: 'contact.created' }).waitFor();
  assert.equal(await page.getByText('contact.updated').count(), 0);
  assert.ok(webhook.id);
});

test('a place that does not exist is said to be none, and nothing of another one is shown', async (t) => {
  const server = await twoVenues(t);
  await server.api.post('/api/venues/abri/contacts', { first_name: 'Ana', last_name: 'Martin' });
  const page = await openPage(t, server);
  await page.goto('/v/gone/contacts');
  await page.getByText('does not exist, or that you may not see').waitFor();
  assert.equal(await page.getByText('Martin').count(), 0);
  await choosePlace(page, 'abri', "L'Abri");
  await page.getByText('Martin').first().waitFor();
});

test('the chooser finds by any word, without accents, and by id; what is typed replaces; the last ones are on top', async (t) => {
  const server = await twoVenues(t);
  for (let i = 0; i < 30; ++i) await server.api.post('/api/venues', { id: `more-${i}`, name: `Maison ${i}` });
  const page = await openPage(t, server);
  await open(page, '/v/abri/contacts');
  await chooser(page).click();
  const options = page.getByRole('option');
  await page.keyboard.type('zenith');
  await page.waitForFunction(() => document.querySelectorAll('[role=option]').length === 1);
  assert.equal(await options.first().innerText(), 'Zénith');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/v/zenith/contacts');
  await chooser(page).click();
  await page.keyboard.type('more-7');
  await page.getByRole('option', { name: 'Maison 7' }).waitFor();
  await page.keyboard.press('Escape');
  await chooser(page).click();
  await page.getByText('Chosen last').waitFor();
  assert.equal(await options.first().innerText(), 'Zénith');
  await assertAccessible(page, 'the open chooser');
});

test('a menu that cannot be loaded leaves the page as it is, says so, and comes with the next click', async (t) => {
  const server = await twoVenues(t);
  const page = await openPage(t, server);
  await open(page, '/v/abri/contacts/new');
  await page.getByLabel('Last name').fill('Half typed');
  await page.route('**/PlaceChooser-*.js', (route) => route.abort());
  await chooser(page).click();
  await page.getByText('The menu could not be loaded.').first().waitFor();
  assert.equal(await page.getByLabel('Last name').inputValue(), 'Half typed');
  await page.unroute('**/PlaceChooser-*.js');
  await chooser(page).click();
  await page.getByRole('option', { name: 'Zénith' }).waitFor();
  assert.equal(await page.getByLabel('Last name').inputValue(), 'Half typed');
});

test('what is typed while a menu is on its way is not lost', async (t) => {
  const server = await twoVenues(t);
  const page = await openPage(t, server);
  await open(page, '/v/abri/contacts');
  let letCome;
  const held = new Promise((resolve) => { letCome = resolve; });
  await page.route('**/PlaceChooser-*.js', async (route) => { await held; await route.continue(); });
  await chooser(page).click();
  await page.keyboard.type('zen');
  letCome();
  await page.waitForFunction(() => document.querySelectorAll('[role=option]').length === 1);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/v/zenith/contacts');
});
