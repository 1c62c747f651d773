// A webhook is copied to many venues: each copy has a secret of its own and the headers of the first, each venue says what
// became of it, and what was refused is tried again.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test, { after } from 'node:test';

import { Receiver } from '../harness/receiver.mjs';
import { quickFlags } from '../harness/shakehook.mjs';
import { assertAccessible, assertFits, closeBrowser, open, openPage, screenshot, startDashboard } from './dashboard.mjs';

after(closeBrowser);

const words = {
  'en-GB': {
    actions: 'Actions', copy: 'Copy to venues…', search: 'Search by name, id or group', all: 'Choose all 2', make: 'Make 2 copies', chosen: '2 venues are chosen',
    made: 'Made', partly: '1 of 2 are made.', refused: 'There are as many as the server allows (1).', again: 'Try 1 again', whole: '2 of 2 are made.', save: 'Secrets as CSV', open: 'Open',
  },
  'fr-FR': {
    actions: 'Actions', copy: 'Copier vers des établissements…', search: 'Chercher par nom, identifiant ou groupe', all: 'Choisir les 2', make: 'Faire 2 copies', chosen: '2 établissements choisis',
    made: 'Fait', partly: 'Copies faites : 1 sur 2.', refused: 'La limite du serveur est atteinte (1).', again: 'Réessayer 1', whole: 'Copies faites : 2 sur 2.', save: 'Secrets en CSV', open: 'Ouvrir',
  },
};

for (const [language, say] of Object.entries(words)) {
  test(`a webhook is copied to venues, and what is refused is tried again (${language})`, async (t) => {
    const server = await startDashboard(t, { flags: { ...quickFlags, 'webhooks-per-scope': 1 } });
    const { api } = server;
    const receiver = await Receiver.start(t);
    await api.post('/api/venues-groups', { id: 'paris', name: 'Maisons de Paris' });
    await api.venue('venue123');
    await api.venue('opera', { name: 'Villa Opéra', venues_group_id: 'paris' });
    await api.venue('quai', { name: 'Le Quai', venues_group_id: 'paris' });
    await api.venue('grange', { name: 'La Grange' });
    const webhook = await api.webhook(receiver.url, { headers: { 'X-Token': 's3cret' }, max_per_second: 50 });
    const inTheWay = await api.webhook(receiver.url, { scope: { venue_id: 'quai' } });
    const page = await openPage(t, server, { language });
    await open(page, `/webhooks/${webhook.id}`);
    await page.getByRole('button', { name: say.actions }).click();
    await page.getByRole('menuitem', { name: say.copy }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('checkbox', { name: 'La Grange' }).waitFor();
    assert.equal(await dialog.getByRole('checkbox').count(), 3, 'its own venue is not offered');
    await dialog.getByRole('textbox', { name: say.search }).fill('maisons');
    await dialog.getByRole('button', { name: say.all }).click();
    await dialog.getByText(say.chosen).waitFor();
    await assertAccessible(page, 'copies are chosen');
    await screenshot(page, `duplicate-choose-${language}`);
    await page.emulateMedia({ colorScheme: 'light' });
    await dialog.getByRole('button', { name: say.make }).click();
    await dialog.getByText(say.partly).waitFor();
    const row = (name) => dialog.getByTestId('copy').filter({ hasText: name });
    await row('Villa Opéra').getByText(say.made).waitFor();
    await row('Le Quai').getByText(say.refused).waitFor();
    await assertAccessible(page, 'one copy is refused');
    await screenshot(page, `duplicate-refused-${language}`);
    await page.setViewportSize({ width: 390, height: 844 });
    await assertFits(page, 'copies on a phone');

    await api.delete(`/api/webhooks/${inTheWay.id}`);
    await dialog.getByRole('button', { name: say.again }).click();
    await dialog.getByText(say.whole).waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: say.save }).click()]);
    const saved = (await readFile(await file.path(), 'utf8')).replace('\ufeff', '').trim().split('\r\n').map((line) => line.split(','));
    assert.deepEqual(saved.map(([venue]) => venue), ['venue_id', 'opera', 'quai']);

    const { data: made } = await api.get('/api/webhooks?venues_group_id=paris');
    assert.equal(made.length, 2);
    for (const copy of made) {
      assert.deepEqual([copy.name, copy.url, copy.headers, copy.max_per_second, copy.enabled], [webhook.name, receiver.url, { 'X-Token': '***' }, 50, true]);
      const { secret } = await api.get(`/api/webhooks/${copy.id}/secret`);
      assert.notEqual(secret, webhook.secret);
      assert.equal(saved.find(([, , id]) => id === copy.id)[4], secret);
    }
    const before = receiver.requests.length;
    await api.contact({ first_name: 'Zoé' }, undefined, 'opera');
    const [request] = (await receiver.received(before + 1)).slice(before);
    assert.equal(request.headers['x-token'], 's3cret');
    await row('Villa Opéra').getByRole('link', { name: `${say.open}: Villa Opéra` }).click();
    await page.waitForURL(/\/webhooks\/[^/]+\?tab=secret$/);
  });
}

test('who may not manage, or has one venue alone, is not offered copies', async (t) => {
  const server = await startDashboard(t);
  const { api } = server;
  await api.venue('venue123');
  await api.venue('opera');
  const webhook = await api.webhook('http://127.0.0.1:18098/hook');
  const password = 'correct horse battery';
  for (const [role, scope] of [['viewer', {}], ['manager', { venue_id: 'venue123' }]]) {
    await api.post('/api/users', { name: role, email: `${role}@example.com`, role, scope, password });
    const page = await openPage(t, server, { signedIn: { email: `${role}@example.com`, password } });
    await open(page, `/webhooks/${webhook.id}`);
    const actions = page.getByRole('button', { name: 'Actions' });
    if (role === 'viewer') {
      assert.equal(await actions.count(), 0);
      continue;
    }
    await actions.click();
    await page.getByRole('menuitem', { name: 'Disable' }).waitFor();
    assert.equal(await page.getByRole('menuitem', { name: 'Copy to venues…' }).count(), 0);
  }
});
