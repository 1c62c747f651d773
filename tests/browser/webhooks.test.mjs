// A webhook's life in the browser: made, failing, mended, sent again in bulk; its secret rotated; tried with an inbox.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { Receiver, signatureOf } from '../harness/receiver.mjs';
import { quickFlags } from '../harness/shakehook.mjs';
import { assertAccessible, assertFits, closeBrowser, open, openPage, screenshot, startDashboard } from './dashboard.mjs';

after(closeBrowser);

// Failed for good within a second.
const impatient = { 'max-retries': 1, 'retry-base': '100ms' };

async function started(t, flags = impatient) {
  const server = await startDashboard(t, { flags: { ...quickFlags, ...flags } });
  await server.api.venue();
  return server;
}

test('a URL is judged while it is typed, and what was typed is kept when the server refuses', async (t) => {
  const server = await started(t);
  const page = await openPage(t, server);
  await open(page, '/webhooks/new');
  await page.getByLabel('URL').first().fill('https://10.1.2.3/hook');
  await page.getByText(/Deliveries may not go to the host's address/).waitFor();
  await page.getByLabel('URL').first().fill('https://crm.example.com/hook');
  await page.getByLabel('This URL can be used').waitFor();
  await page.getByRole('button', { name: 'Create webhook' }).click();
  await page.getByText('Please give a name.').waitFor();
  await page.getByText('Choose at least one event.').waitFor();
  assert.equal(await page.getByLabel('URL').first().inputValue(), 'https://crm.example.com/hook');
});

test('an endpoint that fails is seen, mended, and gets in bulk what it missed', async (t) => {
  const server = await started(t);
  const receiver = await Receiver.start(t, { answer: 500 });
  const webhook = await server.api.webhook(receiver.url, { name: 'CRM Sync' });
  for (let i = 0; i < 5; ++i) await server.api.contact({ first_name: `Guest ${i}` });
  await eventually(async () => (await server.api.deliveries(`webhook_id=${webhook.id}&status=failed`)).length === 5, '5 failed deliveries');

  const page = await openPage(t, server);
  await open(page, '/webhooks');
  const row = page.getByRole('row').filter({ hasText: 'CRM Sync' });
  await row.getByText('Failing').waitFor();
  await screenshot(page, 'webhooks-failing');
  await row.getByRole('link', { name: 'CRM Sync' }).click();
  await page.getByText('This endpoint is failing').waitFor();

  await page.getByRole('link', { name: 'Deliveries', exact: true }).last().click();
  await page.getByRole('button', { name: 'Failed', exact: true }).click();
  await page.getByRole('link', { name: 'contact.created' }).first().click();
  await page.getByText('The endpoint had an error of its own (500).').first().waitFor();
  await assertAccessible(page, 'a failed delivery');
  await page.getByRole('tab', { name: 'curl' }).click();
  await page.getByText('curl -X POST', { exact: false }).waitFor();

  receiver.answer = 204;
  const before = receiver.count;
  await page.goBack();
  await page.getByRole('button', { name: 'Send again…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Count them' }).click();
  await dialog.getByText('5 deliveries will be sent.').waitFor();
  await dialog.getByRole('button', { name: 'Send 5 deliveries' }).click();
  await dialog.getByText('5 deliveries were put on their way.').waitFor();
  await eventually(() => receiver.count === before + 5, '5 more requests');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('button', { name: 'Delivered', exact: true }).click();
  await eventually(async () => (await page.getByRole('row').filter({ hasText: 'contact.created' }).count()) === 5, '5 delivered rows');
});

test('a rotation shows both secrets and until when the old one signs', async (t) => {
  const server = await started(t);
  const receiver = await Receiver.start(t);
  const webhook = await server.api.webhook(receiver.url, { name: 'CRM Sync' });
  const page = await openPage(t, server);
  await open(page, `/webhooks/${webhook.id}?tab=secret`);
  await page.getByRole('button', { name: 'Reveal' }).click();
  await page.getByText(webhook.secret).waitFor();
  await page.getByRole('button', { name: 'Rotate' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
  await page.getByText(/The old secret signs for another/).waitFor();
  await assertAccessible(page, 'an overlap');
  await screenshot(page, 'webhook-rotation');
  await server.api.contact({ id: 'during' });
  const [during] = await receiver.received(1);
  assert.equal(during.headers['bookingshake-signature'], signatureOf(webhook.secret, during.body));

  await page.getByRole('button', { name: 'Use the new secret now' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Use the new secret now' }).click();
  await page.getByText(/The old secret signs for another/).waitFor({ state: 'detached' });
  const secret = (await page.getByRole('region', { name: 'The secret', exact: true }).innerText()).trim();
  assert.notEqual(secret, webhook.secret);
  await server.api.contact({ id: 'after' });
  const [, afterwards] = await receiver.received(2);
  assert.equal(afterwards.headers['bookingshake-signature'], signatureOf(secret, afterwards.body));
});

test('an inbox shows success, failure and retry without an endpoint', async (t) => {
  const server = await started(t, { 'max-retries': 2, 'retry-base': '300ms' });
  const page = await openPage(t, server);
  await open(page, '/webhooks/new');
  await page.getByRole('button', { name: /Use a test inbox/ }).click();
  await eventually(async () => /\/inbox\//.test(await page.getByLabel('URL').first().inputValue()), 'the URL of an inbox');
  await page.getByText('Choose all').first().click();
  await page.getByRole('button', { name: 'Create webhook' }).click();
  await page.getByRole('button', { name: 'Send test event' }).click();
  await page.getByText(/Delivered: the endpoint answered 204/).waitFor();
  await screenshot(page, 'webhook-made');
  await page.getByRole('link', { name: 'Open the webhook' }).click();
  await page.getByText('Signature right').waitFor();

  await page.getByRole('radiogroup', { name: 'It answers' }).getByText('500').click();
  await page.getByText('At once, with 500: the delivery is retried.').waitFor();
  await server.api.contact({ id: 'contact-1' });
  await eventually(async () => (await page.getByText('answered 500').count()) >= 2, 'the attempt and a retry');
  await page.getByRole('radiogroup', { name: 'It answers' }).getByText('204').click();
  await assertAccessible(page, 'a webhook with an inbox');
  await screenshot(page, 'webhook-inbox');
});

test('a disabled webhook keeps what it is owed, and asks what to do with it when it is enabled', async (t) => {
  const server = await started(t);
  const receiver = await Receiver.start(t);
  const webhook = await server.api.webhook(receiver.url, { name: 'CRM Sync' });
  const page = await openPage(t, server);
  await open(page, `/webhooks/${webhook.id}`);
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Disable' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await page.getByText('This webhook is disabled').waitFor();
  for (let i = 0; i < 3; ++i) await server.api.contact({ first_name: `Guest ${i}` });
  await page.reload();
  await page.getByText('3 deliveries wait until it is enabled.').waitFor();
  await page.getByRole('alert').getByRole('button', { name: 'Enable' }).click();
  await page.getByRole('dialog').getByText('Send all 3').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Enable' }).click();
  await receiver.received(3);
});

for (const [language, words] of [['en-GB', { tab: 'Secret and code', reveal: 'Reveal', share: 'Share' }], ['fr-FR', { tab: 'Secret et code', reveal: 'Révéler', share: 'Partager' }]]) {
  test(`on a phone the secret and the code are shared with another app (${language})`, async (t) => {
    const server = await started(t);
    const receiver = await Receiver.start(t);
    const webhook = await server.api.webhook(receiver.url, { name: 'CRM Sync' });
    const page = await openPage(t, server, { language, phone: true });
    // Chromium without a system has nothing to share with.
    await page.addInitScript(() => {
      globalThis.shared = [];
      navigator.share = async (what) => { globalThis.shared.push(what); };
    });
    await open(page, `/webhooks/${webhook.id}`);
    await page.getByRole('tab', { name: words.tab }).click();
    const buttons = page.getByRole('button', { name: words.share });
    await buttons.first().waitFor();
    const code = await buttons.count();
    await page.getByRole('button', { name: words.reveal }).click();
    await page.getByText(/^whsec_/).first().waitFor();
    assert.equal(await buttons.count(), code + 1);
    for (const button of await buttons.all()) await button.click();
    const texts = await page.evaluate(() => globalThis.shared.map(({ text }) => text));
    assert.ok(texts.includes(webhook.secret), 'the secret');
    assert.ok(texts.some((text) => /createHmac|hmac/i.test(text)), 'the code');
    await assertFits(page, 'secret and code');
  });
}
