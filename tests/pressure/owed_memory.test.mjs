// Pending deliveries are in the database; only the next are in memory. 800,000 deliveries over 1,000 webhooks took 625 MB when
// each webhook had as much in memory as if it were alone.
import assert from 'node:assert/strict';
import test from 'node:test';

import { sleep } from '../harness/eventually.mjs';
import { Shakehook } from '../harness/shakehook.mjs';
import { HostileReceiver } from './hostile_receiver.mjs';
import { peakBytes } from './round.mjs';

const all = process.env.PRESSURE === 'all';
const flags = { 'allow-target': '127.0.0.0/8', 'allow-http-targets': true, 'log-level': 'warning' };
const venues = 10;
const webhooksOfVenue = 100;
const contactsOfVenue = 800;
const sendMs = 15_000;
const memoryBytesMax = 250e6;

const receiversOf = {
  'that never answer': async () => {
    const receiver = await HostileReceiver.start();
    receiver.delayMs = 3_600_000;
    return receiver;
  },
  'that answer 500': async () => {
    const receiver = await HostileReceiver.start();
    receiver.status = 500;
    return receiver;
  },
};

async function owed(api) {
  let sum = 0;
  for (let cursor = ''; cursor !== null;) {
    const page = await api.get(`/api/webhooks?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    for (const { health } of page.data) sum += health.pending;
    cursor = page.next_cursor;
  }
  return sum;
}

for (const [what, start] of Object.entries(receiversOf)) {
  test(`800,000 deliveries that 1,000 webhooks are owed take 250 MB at most, with receivers ${what}`,
    { skip: all ? false : './dev test --all' }, async (t) => {
      const server = await Shakehook.start(t, { flags });
      const receiver = await start();
      t.after(() => {
        receiver.server.closeAllConnections();
        receiver.server.close();
      });
      const { api } = server;
      for (let venue = 0; venue < venues; ++venue) {
        await api.venue(`v${venue}`);
        await Promise.all(Array.from({ length: webhooksOfVenue }, (_, number) => api.webhook(
          `http://127.${50 + venue}.${number}.1:${receiver.port}/`, { scope: { venue_id: `v${venue}` } })));
      }
      for (let venue = 0; venue < venues; ++venue) {
        const items = Array.from({ length: contactsOfVenue }, (_, index) => ({ id: `c${index}`, first_name: `Contact ${index}` }));
        await api.post(`/api/venues/v${venue}/contacts/batch`, items);
      }
      const check = async (when) => {
        await sleep(sendMs);
        assert.equal(await owed(server.api), venues * webhooksOfVenue * contactsOfVenue);
        const bytes = peakBytes(server.process.child.pid);
        t.diagnostic(`${Math.round(bytes / 1e6)} MB ${when}`);
        assert.ok(bytes <= memoryBytesMax, `the server took ${Math.round(bytes / 1e6)} MB ${when}`);
      };
      await check('as it was made');
      await server.kill();
      await server.launch();
      await check('read back after a start');
    });
}
