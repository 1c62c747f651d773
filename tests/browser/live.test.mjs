// Live pages: they ask the server seldom however much happens, and nothing moves under the pointer.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';

import { Receiver } from '../harness/receiver.mjs';
import { assertAccessible, closeBrowser, open, openPage, startDashboard } from './dashboard.mjs';

after(closeBrowser);

async function busy(t) {
  const server = await startDashboard(t);
  await server.api.venue();
  const receiver = await Receiver.start(t, { keeps: false });
  const webhook = await server.api.webhook(receiver.url, { name: 'CRM Sync' });
  await server.api.contact({ id: 'first', first_name: 'Ana' });
  return { server, receiver, webhook };
}

// So many changes a second, until it is told to end.
function change(server, perSecond) {
  let ended = false;
  const done = (async () => {
    for (let i = 0; !ended; ++i) {
      const began = Date.now();
      await server.api.post('/api/venues/venue123/contacts/batch', Array.from({ length: perSecond / 10 }, (_, n) => ({ id: `b-${i}-${n}`, first_name: 'Zoé' })));
      await new Promise((resolve) => { setTimeout(resolve, Math.max(0, 100 - (Date.now() - began))); });
    }
  })();
  return async () => {
    ended = true;
    await done;
  };
}

for (const [what, address] of [['the webhook page', ({ webhook }) => `/webhooks/${webhook.id}`], ['the deliveries', () => '/deliveries'], ['getting started', () => '/getting-started']]) {
  test(`${what}: each thing is asked once a second at most while hundreds happen`, async (t) => {
    const world = await busy(t);
    const page = await openPage(t, world.server);
    await open(page, address(world));
    const end = change(world.server, 300);
    await page.waitForTimeout(1_500);
    const asked = new Map();
    page.on('request', (request) => {
      const { pathname, search } = new URL(request.url());
      if (pathname.startsWith('/api/')) asked.set(pathname + search, (asked.get(pathname + search) ?? 0) + 1);
    });
    const seconds = 5;
    await page.waitForTimeout(seconds * 1_000);
    await end();
    for (const [url, count] of asked) assert.ok(count <= seconds + 1, `${url} was asked ${count} times in ${seconds} s`);
  });
}

test('while the pointer is at the rows new ones are counted, and come with a click', async (t) => {
  const { server, receiver } = await busy(t);
  const page = await openPage(t, server);
  await open(page, '/deliveries');
  await page.getByRole('row').nth(1).hover();
  const first = await page.getByRole('row').nth(1).innerText();
  const before = receiver.count;
  for (let i = 0; i < 3; ++i) await server.api.contact({ id: `new-${i}`, first_name: `Zoé new-${i}` });
  const pill = page.getByRole('button', { name: '3 new' });
  await pill.waitFor();
  assert.ok(receiver.count >= before);
  assert.equal(await page.getByRole('row').nth(1).innerText(), first);
  await assertAccessible(page, 'the pill');
  await pill.click();
  await page.getByText('new-2').waitFor();
  await pill.waitFor({ state: 'detached' });
});
