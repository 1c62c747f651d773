// A first visit, with nothing in the cache, loads 250 KiB at most on a page of an operator's world: scripts, styles, texts
// and the answers of the API, as they come over the network, headers included. What a live page asks for again counts once.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { closeBrowser, openPage, settled, startDashboard } from './dashboard.mjs';
import { fillLargeWorld } from './large_world.mjs';

const kibMax = 250;
// The settings of a webhook have every kind of field.
const kibMaxOf = [[/tab=settings/, 254]];
const settleMs = 1_500;
const quiet = /^(\/v\/[^/]+)?\/(settings\/|contacts$|contacts\/new$|contacts\/import$|accounts$)/;
const scale = 0.25;

const pages = ({ webhooks }) => [
  '/', '/getting-started', '/contacts', '/v/venue-000/contacts', '/contacts/venue-000/guest-0', '/contacts/new', '/contacts/import', '/accounts',
  '/webhooks', '/g/group-00/webhooks', '/webhooks/new', `/webhooks/${webhooks.find(({ kind }) => kind === 'failing').id}`,
  `/webhooks/${webhooks.find(({ kind }) => kind === 'failing').id}?tab=secret`, '/deliveries', '/events', '/inboxes', '/venues/venue-000',
  `/webhooks/${webhooks.find(({ kind }) => kind === 'failing').id}?tab=settings`, '/settings/integrations', '/v/venue-000/settings/fields',
  '/settings/venues', '/settings/users', '/settings/notices', '/settings/audit', '/account',
];

after(closeBrowser);

test('a first visit loads little, on any page', async (t) => {
  const server = await startDashboard(t, { flags: { 'allow-target': '127.0.0.0/8', 'allow-http-targets': true } });
  const world = await fillLargeWorld(t, server, { scale });
  const over = [];
  for (const language of ['en-GB', 'fr-FR']) {
    for (const address of pages(world)) {
      const page = await openPage(t, server, { language });
      const protocol = await page.context().newCDPSession(page);
      await protocol.send('Network.enable');
      await protocol.send('Network.setCacheDisabled', { cacheDisabled: true });
      const loaded = [];
      const urls = new Map();
      const known = new Set();
      const twice = [];
      protocol.on('Network.requestWillBeSent', ({ requestId, request }) => urls.set(requestId, request.url));
      protocol.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
        const url = urls.get(requestId);
        if (known.has(url)) {
          twice.push(new URL(url).pathname);
          return;
        }
        known.add(url);
        loaded.push({ name: new URL(url).pathname, bytes: encodedDataLength });
      });
      await page.goto(address);
      await settled(page);
      await sleep(settleMs);
      // The page took all responses to the requests that were sent before its code was there.
      assert.deepEqual(await page.evaluate(() => [...globalThis.firstResponses.keys(), ...(globalThis.firstBodies?.keys() ?? [])]), [], address);
      // On these pages nothing happens, so that nothing is asked again. The page of one contact shows its deliveries live.
      if (quiet.test(address)) assert.deepEqual(twice, [], `${address} asks twice`);
      const kib = Math.round(loaded.reduce((sum, { bytes }) => sum + bytes, 0) / 1024);
      t.diagnostic(`${language} ${address}: ${kib} KiB in ${loaded.length} files`);
      const largest = loaded.toSorted((a, b) => b.bytes - a.bytes).slice(0, 12).map(({ name, bytes }) => `${bytes} ${name}`);
      assert.ok(loaded.length > 5, `${address}: ${loaded.length} files`);
      if (kib > (kibMaxOf.find(([of]) => of.test(address))?.[1] ?? kibMax)) over.push(`${address} in ${language} loads ${kib} KiB:\n  ${largest.join('\n  ')}`);
      await page.context().close();
    }
  }
  assert.deepEqual(over, []);
});
