// Settings > Notices: a channel is made, tested, edited and deleted, and the page says who was told what.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { freePort } from '../harness/free_port.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { quickFlags } from '../harness/shakehook.mjs';
import { assertAccessible, assertFits, choose, closeBrowser, open, openPage, screenshot, startDashboard } from './dashboard.mjs';

after(closeBrowser);

const row = (page, name) => page.getByRole('row').filter({ hasText: name });
const dialog = (page) => page.getByRole('dialog');

const words = {
  'en-GB': {
    make: 'New channel', name: 'Name', url: 'URL', minutes: 'After minutes of failures', quiet: 'Quiet hours', save: 'Save',
    actions: 'Actions for Team chat', test: 'Send a test', told: 'What Team chat was told', event: 'A test', state: 'Sent', failed: 'Given up',
    remove: 'Delete', empty: 'Nobody is told yet', missing: 'Please give the URL.', message: 'A test of this channel',
  },
  'fr-FR': {
    make: 'Nouveau canal', name: 'Nom', url: 'URL', minutes: 'Après minutes d’échecs', quiet: 'Heures calmes', save: 'Enregistrer',
    actions: 'Actions pour Team chat', test: 'Envoyer un test', told: 'Ce qui a été dit à Team chat', event: 'Un test', state: 'Envoyé', failed: 'Abandonné',
    remove: 'Supprimer', empty: 'Personne n’est encore prévenu', missing: 'Donnez l’URL.', message: 'Un test de ce canal',
  },
};

for (const [language, says] of Object.entries(words)) {
  test(`a channel is made, tested and deleted, and the page says what it was told (${language})`, async (t) => {
    const server = await startDashboard(t);
    await server.api.venue();
    const chat = await Receiver.start(t);
    const page = await openPage(t, server, { language });
    await open(page, '/v/venue123/settings/notices');
    await page.getByText(says.empty).waitFor();
    await page.getByRole('button', { name: says.make }).first().click();
    await dialog(page).getByRole('textbox', { name: says.name, exact: true }).fill('Team chat');
    await choose(page, language === 'fr-FR' ? 'Type' : 'Kind', 'Slack');
    await dialog(page).getByRole('button', { name: says.save }).click();
    await dialog(page).getByText(says.missing).waitFor();
    await dialog(page).getByRole('textbox', { name: says.url }).fill(chat.url);
    await dialog(page).getByRole('switch', { name: says.quiet }).check();
    await assertFits(page, 'notice-channel');
    await screenshot(page, `notice-channel-${language}`);
    await dialog(page).getByRole('button', { name: says.save }).click();
    await row(page, 'Team chat').waitFor();
    const { data: [made] } = await server.api.get('/api/notice-channels');
    assert.equal(made.language, language.slice(0, 2));
    assert.deepEqual([made.quiet_hours.from, made.quiet_hours.until], ['22:00', '07:00']);
    assert.ok([60, 120].includes(made.quiet_hours.utc_offset_minutes), 'the browser is in Paris');

    const act = async (name) => {
      await page.getByRole('button', { name: says.actions }).click();
      await page.getByRole('menuitem', { name }).click();
    };
    await act(says.test);
    const told = page.getByRole('table', { name: says.told });
    await told.getByRole('row').filter({ hasText: says.event }).filter({ hasText: says.state }).waitFor();
    assert.equal(JSON.parse(chat.requests[0].body).text.split('\n')[0], `*${says.message}*`);
    chat.answer = 404;
    await act(says.test);
    await told.getByRole('row').filter({ hasText: says.failed }).filter({ hasText: '404' }).waitFor();
    await assertAccessible(page, 'notices');
    await screenshot(page, `notices-${language}`);

    await act(says.remove);
    await dialog(page).getByRole('button', { name: says.remove }).click();
    await page.getByText(says.empty).waitFor();
  });
}

test('the cause of a notice is told in the language of its channel and of its reader', async (t) => {
  const server = await startDashboard(t);
  await server.api.venue();
  const chat = await Receiver.start(t);
  const gone = await Receiver.start(t, { answer: 410 });
  const channel = await server.api.post('/api/notice-channels', { name: 'Team chat', kind: 'slack', url: chat.url, scope: { venue_id: 'venue123' }, language: 'fr' });
  await server.api.webhook(gone.url, { name: 'CRM' });
  await server.api.contact({ first_name: 'Zoé' });
  await eventually(() => chat.requests[0], 'a notice', 30_000);
  assert.match(JSON.parse(chat.requests[0].body).text, /CRM a été désactivé[^]*Cause : L’endpoint dit qu’il n’existe plus \(410\)\./);
  const { data: [notice] } = await server.api.get(`/api/notice-channels/${channel.id}/notices`);
  assert.deepEqual([notice.cause_code, notice.cause_params], ['gone', { status: 410 }]);
  for (const [language, actions, show, cause] of [
    ['fr-FR', 'Actions pour Team chat', 'Ce qui lui a été dit', 'L’endpoint dit qu’il n’existe plus (410).'],
    ['en-GB', 'Actions for Team chat', 'What it was told', 'The endpoint says that it is gone for good (410).'],
  ]) {
    const page = await openPage(t, server, { language });
    await open(page, '/v/venue123/settings/notices');
    await page.getByRole('button', { name: actions }).click();
    await page.getByRole('menuitem', { name: show }).click();
    await page.getByRole('cell', { name: cause }).waitFor();
  }
});

test('the secret of a webhook channel is shown once; e-mail needs a mail server', async (t) => {
  const server = await startDashboard(t);
  await server.api.venue();
  const page = await openPage(t, server);
  await open(page, '/v/venue123/settings/notices');
  await page.getByRole('button', { name: 'New channel' }).first().click();
  await dialog(page).getByRole('textbox', { name: 'Name', exact: true }).fill('Own endpoint');
  await choose(page, 'Kind', 'E-mail');
  const recipients = dialog(page).getByRole('combobox', { name: 'Recipients' });
  await recipients.fill('ops@example.com');
  await recipients.press('Enter');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await dialog(page).getByText('This server sends no e-mail: no mail server is set up.').waitFor();
  await choose(page, 'Kind', 'Webhook');
  await dialog(page).getByRole('textbox', { name: 'URL' }).fill('http://127.0.0.1:18099/hook');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  const secret = await dialog(page).getByRole('region', { name: 'Secret' }).innerText();
  assert.match(secret, /whsec_/);
  await dialog(page).getByRole('button', { name: 'Close' }).last().click();
  await row(page, 'Own endpoint').waitFor();
  await page.reload();
  await row(page, 'Own endpoint').waitFor();
  assert.ok(!(await page.locator('main').innerText()).includes('whsec_'));
});

test('an e-mail channel has recipients, which the page shows and edits', async (t) => {
  const port = await freePort();
  const flags = { ...quickFlags, 'smtp-url': 'smtp://localhost:1', 'smtp-from': 'hooks@example.com', 'public-url': `http://127.0.0.1:${port}` };
  const server = await startDashboard(t, { flags, port });
  await server.api.venue();
  const page = await openPage(t, server);
  await open(page, '/v/venue123/settings/notices');
  await page.getByRole('button', { name: 'New channel' }).first().click();
  await dialog(page).getByRole('textbox', { name: 'Name', exact: true }).fill('Team mail');
  await choose(page, 'Kind', 'E-mail');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await dialog(page).getByText('Please give at least one address.').waitFor();
  const recipients = dialog(page).getByRole('combobox', { name: 'Recipients' });
  await recipients.fill('ops@example.com, second@example.org');
  await recipients.press('Enter');
  await screenshot(page, 'notice-channel-email');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await row(page, 'Team mail').filter({ hasText: 'Not confirmed: ops@example.com' }).filter({ hasText: 'second@example.org' }).waitFor();
  const { data: [made] } = await server.api.get('/api/notice-channels');
  assert.deepEqual(made.recipients, ['ops@example.com', 'second@example.org']);
  await page.getByRole('button', { name: 'Mail the link again to ops@example.com' }).click();
  await page.getByText('Could not be mailed to ops@example.com').waitFor();
});
