// The signature bench: what somebody computed, and which mistake gives exactly that. It works without the server.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import test, { after } from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { Receiver, signatureOf } from '../harness/receiver.mjs';
import { assertAccessible, assertFits, closeBrowser, open, openPage, screenshot, startDashboard } from './dashboard.mjs';

after(closeBrowser);

async function delivered(t) {
  const server = await startDashboard(t);
  await server.api.venue();
  const receiver = await Receiver.start(t);
  const webhook = await server.api.webhook(receiver.url, { name: 'CRM Sync' });
  await server.api.contact({ first_name: 'Zoé' });
  const [request] = await receiver.received(1);
  const delivery = await eventually(async () => (await server.api.deliveries('status=delivered'))[0], 'a delivery');
  return { server, webhook, body: request.body, delivery };
}

const hmac = (key, body) => createHmac('sha256', key).update(body);

test('the bench of a delivery names the mistake, for a viewer who pastes the secret, in both languages', async (t) => {
  const { server, webhook, body, delivery } = await delivered(t);
  const viewer = { email: 'vera@example.com', password: 'correct horse battery' };
  await server.api.post('/api/users', { name: 'Vera', ...viewer, role: 'viewer', scope: { venue_id: 'venue123' } });
  const bare = webhook.secret.slice('whsec_'.length);
  const cases = [
    [signatureOf(webhook.secret, body), 'This is the right signature', 'C’est la bonne signature'],
    [hmac(bare, body).digest('hex'), /lacks “whsec_”/, /perdu « whsec_ »/],
    [hmac(Buffer.from(bare, 'base64'), body).digest('hex'), /decoded from base64/, /décodée du base64/],
    [hmac(webhook.secret, `${body}\n`).digest('hex'), /line break was added/, /saut de ligne a été ajouté/],
    [hmac(webhook.secret, JSON.stringify(JSON.parse(body), null, 2)).digest('hex'), /written again, indented/, /réécrit, indenté/],
    [hmac(webhook.secret, body).digest('base64'), /written in base64/, /écrite en base64/],
    [hmac(webhook.secret, body).digest('hex').toUpperCase(), /are in capitals/, /sont en majuscules/],
    ['0'.repeat(64), 'No mistake that is known gives this', 'Aucune erreur connue ne donne cela'],
  ];
  for (const [language, phone, tab, secret, computed] of [['en-GB', false, 'Signature bench', 'The secret that you use', 'The signature that you computed'], ['fr-FR', true, 'Banc d’essai des signatures', 'Le secret que vous utilisez', 'La signature que vous avez calculée']]) {
    const page = await openPage(t, server, { language, phone, signedIn: viewer });
    await open(page, `/deliveries/${delivery.id}`);
    await page.getByRole('tab', { name: tab }).click();
    await page.getByRole('textbox', { name: secret }).fill(webhook.secret);
    const asked = [];
    page.on('request', (request) => { if (request.method() !== 'GET') asked.push(request.url()); });
    for (const [given, en, fr] of cases) {
      await page.getByLabel(computed).fill(given);
      await page.getByText(language === 'fr-FR' ? fr : en).first().waitFor();
    }
    await page.getByText(signatureOf(webhook.secret, body)).first().waitFor();
    assert.deepEqual(asked, []);
    await assertFits(page, 'the bench');
    await assertAccessible(page, 'the bench');
    await screenshot(page, `signature-bench${phone ? '-phone' : ''}`);
  }
});

test('who may manage takes the secret of the webhook, also the previous one of a rotation', async (t) => {
  const { server, webhook, body } = await delivered(t);
  await server.api.post(`/api/webhooks/${webhook.id}/secret`, { overlap_seconds: 3600 });
  const page = await openPage(t, server);
  await open(page, `/webhooks/${webhook.id}?tab=secret`);
  await page.getByLabel('The body that you received').fill(String(body));
  await page.getByRole('button', { name: 'Use the webhook’s' }).click();
  await page.getByLabel('The signature that you computed').fill(signatureOf(webhook.secret, body));
  await page.getByText('The key is the previous secret').waitFor();
});

test('a viewer sees no credential in a URL', async (t) => {
  const server = await startDashboard(t);
  await server.api.venue();
  const viewer = { email: 'vera@example.com', password: 'correct horse battery' };
  await server.api.post('/api/users', { name: 'Vera', ...viewer, role: 'viewer', scope: { venue_id: 'venue123' } });
  const receiver = await Receiver.start(t, { answer: 500 });
  const credential = 'T0123ABCD/B0456EFGH/s3cr3tT0k3n';
  const webhook = await server.api.webhook(`http://127.0.0.1:${receiver.port}/services/${credential}?token=${credential}`, { name: 'Slack' });
  await server.api.contact({ first_name: 'Zoé' });
  const delivery = await eventually(async () => (await server.api.deliveries(`webhook_id=${webhook.id}`)).find(({ attempt_count: count }) => count > 0), 'an attempt');
  for (const [signedIn, sees] of [[viewer, false], [undefined, true]]) {
    const page = await openPage(t, server, signedIn ? { signedIn } : {});
    const responses = [];
    page.on('response', async (response) => responses.push(await response.text().catch(() => '')));
    for (const address of ['/webhooks', `/webhooks/${webhook.id}`, `/deliveries/${delivery.id}`, '/settings/integrations']) {
      await open(page, address);
      await page.waitForTimeout(300);
      if (!sees) assert.equal((await page.locator('body').innerText()).includes('s3cr3tT0k3n'), false, address);
    }
    assert.equal(responses.some((text) => text.includes('s3cr3tT0k3n')), sees);
  }
});
