// Ten thousand names that a name server never answers for, of one tenant: the names of another one are looked up at once,
// and what this server lacks counts as nobody's attempt.
import assert from 'node:assert/strict';
import test from 'node:test';

import { eventually, sleep } from '../harness/eventually.mjs';
import { NameServer } from '../harness/name_server.mjs';
import { inOwnNetwork, writeHosts, writeResolvConf } from '../harness/own_network.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { quickFlags, Shakehook } from '../harness/shakehook.mjs';

const silentNames = 10_000;
const healthyNames = 12;
const rounds = 5;
const waitMsMax = 1_500;  // for a delivery whose name resolves at once

// Does it so often, some at once.
async function times(count, atOnce, work) {
  let next = 0;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (next < count) await work(next++);
  }));
}

if (inOwnNetwork(import.meta.url)) {
  test('first attempts of another tenant are made at once beside 10,000 names on a silent name server', async (t) => {
    const names = await NameServer.start(t, (name) => (name.endsWith('.healthy.example') ? ['127.0.0.1'] : null));
    writeResolvConf('nameserver 127.0.0.1\n');
    writeHosts('127.0.0.1 localhost\n');
    const server = await Shakehook.start(t, { flags: { ...quickFlags, 'webhooks-per-scope': silentNames, 'retry-base': '1s' } });
    const { api } = server;
    const receiver = await Receiver.start(t);
    receiver.answer = { status: 204, headers: { connection: 'close' } };  // the name is looked up each time
    await api.venue('silent');
    await api.venue('healthy');
    await times(silentNames, 32, (i) => api.webhook(`http://n${i}.silent.example:${receiver.port}/`,
      { scope: { venue_id: 'silent' }, events: ['contact.created'] }));
    for (let i = 0; i < healthyNames; ++i) {
      await api.webhook(`http://n${i}.healthy.example:${receiver.port}/`, { scope: { venue_id: 'healthy' } });
    }
    const took = [];
    for (let round = 0; round < rounds; ++round) {
      await api.contact({ id: `silent-${round}` }, {}, 'silent');
      await sleep(round === 0 ? 100 : 1_500);
      const began = Date.now();
      await api.contact({ id: `healthy-${round}` }, {}, 'healthy');
      const find = () => api.deliveries(`venue_id=healthy&resource_id=healthy-${round}`);
      const ended = await eventually(async () => {
        const found = await find();
        return found.length === healthyNames && found.every(({ status }) => status !== 'pending') && found;
      }, 'end of the healthy deliveries', 20_000, async () => JSON.stringify(await find()));
      took.push(Date.now() - began);
      for (const { status, attempt_count: count } of ended) assert.deepEqual({ status, count }, { status: 'delivered', count: 1 });
    }
    assert.ok(Math.max(...took) < waitMsMax, `${took} ms`);
    assert.ok(names.names().filter((name) => name.endsWith('.silent.example')).length > 100, 'the silent names were asked for');
    // Nor is the lack of room for lookups the fault of those receivers.
    const silent = await api.deliveries('venue_id=silent');
    const errors = new Set();
    for (const { id } of silent.filter(({ attempt_count: count }) => count > 0).slice(0, 20)) {
      for (const { error } of (await api.get(`/api/deliveries/${id}`)).attempts) errors.add(error?.message);
    }
    for (const message of errors) assert.doesNotMatch(message ?? '', /too many names/i);
  });
}
