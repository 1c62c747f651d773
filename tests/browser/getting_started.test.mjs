// The quick start of the document, from an empty server to the signed POST, each step ticked off as it happens.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';

import { Receiver, signatureOf } from '../harness/receiver.mjs';
import { assertAccessible, closeBrowser, open, openPage, screenshot, startDashboard } from './dashboard.mjs';

after(closeBrowser);

test('four steps to a signed request', async (t) => {
  const server = await startDashboard(t);
  const receiver = await Receiver.start(t);
  await server.api.venue();
  const page = await openPage(t, server);
  const steps = (count) => page.getByText(`${count} of 4 steps done`).waitFor();
  const gettingStarted = () => page.getByRole('link', { name: 'Getting started' }).click();
  await open(page, '/');
  await steps(0);

  await page.getByRole('link', { name: 'Open the settings' }).click();
  await page.getByRole('heading', { name: 'Integrations', level: 1 }).waitFor();
  await gettingStarted();
  await steps(1);
  await page.getByRole('link', { name: 'Open the settings' }).click();
  await page.getByRole('link', { name: 'New webhook' }).first().click();
  await page.getByLabel('Name', { exact: false }).first().fill('CRM Sync');
  await page.getByLabel('URL').first().fill(receiver.url);
  await page.getByText('Choose all').first().click();
  await page.getByRole('button', { name: 'Create webhook' }).click();

  const shown = page.getByRole('region', { name: 'Secret' }).locator('pre, [tabindex="0"]').or(page.locator('pre')).first();
  await shown.waitFor();
  const secret = (await shown.innerText()).trim();
  assert.match(secret, /^whsec_/);
  await gettingStarted();
  await steps(2);
  await page.goBack();
  await gettingStarted();

  await page.getByRole('link', { name: 'Show the secret' }).click();
  await page.getByRole('button', { name: 'Reveal' }).click();
  await page.getByText(secret).waitFor();
  await gettingStarted();
  await steps(3);
  await page.getByText('Waiting for the first event for CRM Sync').waitFor();
  await screenshot(page, 'getting-started-waiting');

  // In another tab, so that this page sees it happen.
  await server.api.contact({ id: 'contact-456', first_name: 'John', last_name: 'Doe' });
  await page.getByText('Your first webhook works').waitFor();
  await steps(4);
  await page.getByText('contact.created was delivered').waitFor();
  await assertAccessible(page, 'all steps done');
  await screenshot(page, 'getting-started-done');

  const [request] = await receiver.received(1);
  assert.equal(request.headers['bookingshake-signature'], signatureOf(secret, request.body));
  await page.getByRole('link', { name: 'Look at it' }).click();
  await page.getByText('contact-456').first().waitFor();
});
