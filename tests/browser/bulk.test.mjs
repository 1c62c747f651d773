// Several webhooks are changed at once; also the samples beside events, and the audit log as a file.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test, { after } from 'node:test';

import { Receiver } from '../harness/receiver.mjs';
import { assertAccessible, closeBrowser, open, openPage, startDashboard } from './dashboard.mjs';

after(closeBrowser);

const words = {
  'en-GB': { mark: (name) => `Mark ${name}`, disable: 'Disable 2', enable: 'Enable 2', disabled: '2 webhooks disabled', enabled: '2 webhooks enabled', sample: 'Sample of contact.created', export: 'Export as CSV' },
  'fr-FR': { mark: (name) => `Cocher ${name}`, disable: 'Désactiver 2', enable: 'Activer 2', disabled: '2 webhooks désactivés', enabled: '2 webhooks activés', sample: 'Exemple de contact.created', export: 'Exporter en CSV' },
};

for (const [language, say] of Object.entries(words)) {
  test(`marked webhooks are disabled, and enabled again with what waits (${language})`, async (t) => {
    const server = await startDashboard(t);
    const receiver = await Receiver.start(t);
    await server.api.venue('venue123');
    const webhooks = [];
    for (const name of ['Brevo', 'HubSpot', 'Billing']) webhooks.push(await server.api.webhook(receiver.url, { name }));
    const states = async () => Promise.all(webhooks.map(async ({ id }) => (await server.api.get(`/api/webhooks/${id}`)).enabled));
    const page = await openPage(t, server, { language });
    await open(page, '/webhooks');
    const change = async (button, done) => {
      for (const name of ['Brevo', 'Billing']) await page.getByLabel(say.mark(name)).check();
      await page.getByRole('button', { name: button }).click();
      await page.getByRole('dialog').getByRole('button', { name: button }).click();
      await page.getByText(done).waitFor();
    };
    await change(say.disable, say.disabled);
    assert.deepEqual(await states(), [false, true, false]);
    await server.api.contact({ id: 'guest', last_name: 'Martin' });
    const before = receiver.requests.length;
    await assertAccessible(page, 'webhooks');
    await change(say.enable, say.enabled);
    assert.deepEqual(await states(), [true, true, true]);
    await receiver.received(before + 2);
  });

  test(`an event shows what a receiver is sent (${language})`, async (t) => {
    const server = await startDashboard(t);
    await server.api.venue('venue123');
    const page = await openPage(t, server, { language });
    await open(page, '/webhooks/new');
    await page.getByRole('button', { name: say.sample, exact: true }).click();
    await page.getByText('"event": "contact.created"').waitFor();
    await page.getByRole('button', { name: say.sample, exact: true }).click();
    await page.getByText('"event": "contact.created"').waitFor({ state: 'detached' });
  });

  test(`the audit log is a file (${language})`, async (t) => {
    const server = await startDashboard(t);
    const page = await openPage(t, server, { language });
    await open(page, '/settings/audit');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: say.export }).click()]);
    const [head, ...rows] = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
    assert.equal(head.replace('\ufeff', ''), 'at,action,actor_kind,actor,actor_id,subject_kind,subject,subject_id,detail,changes,id');
    assert.ok(rows.length > 0 && rows.every((row) => /^\d{4}-\d\d-\d\dT/.test(row)), rows.join('\n'));
    assert.equal(rows.length, (await server.api.get('/api/audit?limit=200')).data.length);
  });
}
