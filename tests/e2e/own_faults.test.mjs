// A fault of the server's machine is not the receiver's failure.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';

import { eventually, sleep } from '../harness/eventually.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { quickFlags, Shakehook } from '../harness/shakehook.mjs';

// The soft limit alone: it may be raised again.
function limitFiles(server, count) {
  const { status, stderr } = spawnSync('prlimit', ['--pid', `${server.process.child.pid}`, `--nofile=${count}:`], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

test('without a free descriptor deliveries wait, count no attempt, and go on by themselves', async (t) => {
  const server = await Shakehook.start(t, { flags: { ...quickFlags, 'max-retries': 1 } });
  const { api } = server;
  await api.venue();
  const receivers = await Promise.all([1, 2, 3].map(() => Receiver.start(t)));
  const webhooks = [];
  for (const receiver of receivers) webhooks.push(await api.webhook(receiver.url));
  const named = await api.webhook(`http://a-name.localhost.example:${receivers[0].port}/`);
  limitFiles(server, 8);
  for (const id of ['a', 'b']) {
    await api.contact({ id, first_name: 'One' });
    await api.patch(`/api/venues/venue123/contacts/${id}`, { first_name: 'Two' });
  }
  await sleep(2500);
  for (const webhook of [...webhooks, named]) {
    const deliveries = await api.deliveries(`webhook_id=${webhook.id}`);
    assert.equal(deliveries.length, 4);
    for (const delivery of deliveries) {
      assert.equal(delivery.status, 'pending');
      assert.equal(delivery.attempt_count, 0);
    }
    const { health } = await api.get(`/api/webhooks/${webhook.id}`);
    assert.equal(health.consecutive_failures, 0);
    assert.equal(health.pending, 4);
  }
  const said = () => (server.process.errors + server.process.output).match(/deliveries wait because this server lacks something.*descriptors/g) ?? [];
  assert.equal(said().length, 1, server.process.errors);
  const tested = await api.post(`/api/webhooks/${webhooks[0].id}/test`, { event: 'contact.created' });
  assert.match(tested.attempts?.[0]?.error?.message ?? JSON.stringify(tested), /sending server/);
  const metrics = (await api.call('GET', '/metrics')).body;
  assert.match(metrics, /shakehook_own_fault\{reason="descriptors"\} 1/);
  const postponed = Number(metrics.match(/postponed_total\{reason="descriptors"\} (\d+)/)[1]);
  assert.ok(postponed > 0 && postponed < 300, `${postponed} attempts were put off`);

  limitFiles(server, 4096);
  for (const receiver of receivers) {
    await receiver.received(4);
    assert.deepEqual(
      receiver.payloads().filter((payload) => payload.data.id === 'a').map((payload) => payload.data.first_name), ['One', 'Two'],
    );
  }
  await eventually(async () => (await api.deliveries(`webhook_id=${webhooks[0].id}&status=delivered`)).length === 4, 'four deliveries');
  for (const delivery of await api.deliveries(`webhook_id=${webhooks[0].id}&status=delivered`)) assert.equal(delivery.attempt_count, 1);
  await eventually(() => /deliveries go on/.test(server.process.errors + server.process.output), 'the line that it is over', 20_000);
});
