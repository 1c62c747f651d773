// A server that is started with a clock far ahead, as of a machine without a battery or with a wrong date in its firmware:
// nothing is thrown away for that. A library that is loaded before the C library plays the clock.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import test, { before } from 'node:test';

import { eventually, sleep } from '../harness/eventually.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { quickFlags, root, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';

const aheadSeconds = 40 * 24 * 3600;
// So short that it purges every twelve seconds, and long enough for the test to be over by then.
const retention = '120s';
const purgesMs = 15_000;
const held = 21;

let shim;
before(async () => {
  shim = path.join(await temporaryFolder(), 'clock_ahead.so');
  execFileSync('cc', ['-shared', '-fPIC', '-o', shim, path.join(root, 'tests/e2e/shim/clock_ahead.c'), '-ldl']);
});

const ahead = () => ({ LD_PRELOAD: shim, CLOCK_AHEAD_SECONDS: `${aheadSeconds}` });

// Returns everything that a tenant would miss.
async function look(api, webhook, sent) {
  const [owed, delivered, events, kept, audit] = await Promise.all([
    api.deliveries(`webhook_id=${webhook.id}`), api.deliveries(`webhook_id=${sent.id}`), api.get('/api/events?limit=200&until=9999999999999'),
    api.call('POST', '/api/venues/venue123/contacts', { first_name: 'Kept' }, { 'Idempotency-Key': 'kept' }), api.get('/api/audit?limit=200'),
  ]);
  return {
    owed: owed.filter(({ status, attempt_count: count }) => status === 'pending' && count === 0).length,
    delivered: delivered.filter(({ status }) => status === 'delivered').length, events: events.data.length,
    kept: kept.body.id, audit: audit.data.map(({ action }) => action).filter((action) => action.startsWith('webhook.')).length,
  };
}

test('a server started with a clock 40 days ahead keeps what is held, what was sent and the answers it keeps', async (t) => {
  const server = await Shakehook.start(t, { flags: { ...quickFlags, retention } });
  const { api } = server;
  await api.venue();
  const receiver = await Receiver.start(t);
  const sent = await api.webhook(receiver.url);
  const webhook = await api.webhook(receiver.url);
  await api.patch(`/api/webhooks/${webhook.id}`, { enabled: false });
  for (let i = 1; i < held; ++i) await api.contact({ id: `held-${i}` });
  await api.contact({ first_name: 'Kept' }, { 'Idempotency-Key': 'kept' });
  await receiver.received(held);
  await eventually(async () => (await api.deliveries(`webhook_id=${sent.id}&status=delivered`)).length === held, 'deliveries');
  const before = await look(api, webhook, sent);
  assert.equal(before.owed, held);
  const rotated = await api.post(`/api/webhooks/${sent.id}/secret`, { overlap_seconds: 7 * 24 * 3600 });
  assert.ok(rotated.secret);

  for (let start = 0; start < 2; ++start) {
    await server.stop();
    server.environment = ahead();
    await server.launch();
    await sleep(purgesMs / 2);
    const { created_at: at } = await server.api.contact({ id: `ahead-${start}` });
    assert.ok(at > Date.now() + aheadSeconds * 900, 'the clock is not ahead');
    await sleep(purgesMs / 2);
    assert.match(server.process.errors + server.process.output, /the clock is far ahead/);
  }
  await server.stop();
  server.environment = {};
  await server.launch();
  const after = await look(server.api, webhook, sent);
  assert.deepEqual(after, { ...before, owed: held + 2, delivered: held + 2, events: before.events + 2 });
  // The overlap of the secrets has not ended.
  const secret = await server.api.get(`/api/webhooks/${sent.id}/secret`);
  assert.equal(secret.secret, rotated.secret);
  assert.match(secret.previous_secret ?? 'none', /^whsec_/);
});
