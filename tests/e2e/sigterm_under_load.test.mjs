// SIGTERM in the middle of everything at once: changes, batches, lists, streams, receivers that answer, fail and stand
// still. Each time the server ends by itself with exit code 0, and what was answered is there after the next start.
// SIGTERM_ROUNDS says how often (./dev test --all: a thousand times, under AddressSanitizer), SIGTERM_SEED where chance
// begins.
import assert from 'node:assert/strict';
import test from 'node:test';

import { randomFrom } from '../crash/random.mjs';
import { eventually, sleep } from '../harness/eventually.mjs';
import { freePort } from '../harness/free_port.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { Shakehook } from '../harness/shakehook.mjs';

const rounds = Number(process.env.SIGTERM_ROUNDS ?? 25);
const seed = Number(process.env.SIGTERM_SEED ?? Date.now() % 1_000_000);
const drainMsMax = 13_000;
const callers = 10;

// One client that does what chance says until the server is gone. `promised` gets the ids that were answered with 201.
async function call(server, random, promised, state) {
  const venue = '/api/venues/venue123';
  for (let i = 0; state.running; ++i) {
    const id = `r${state.round}-${random.between(0, 1e9)}-${i}`;
    const kind = random.between(0, 7);
    try {
      if (kind < 4) {
        const { status } = await server.api.call('POST', `${venue}/contacts`, { id, first_name: 'A' });
        if (status === 201) promised.push(id);
      } else if (kind === 4) {
        await server.api.call('POST', `${venue}/contacts/batch`, Array.from({ length: 50 }, (_, n) => ({ id: `${id}-${n}`, city: 'C' })));
      } else if (kind === 5) {
        await server.api.call('GET', `${venue}/contacts?q=a&limit=50`);
      } else if (kind === 6) {
        await server.api.call('GET', '/api/deliveries?limit=50');
      } else {
        const controller = new AbortController();
        setTimeout(() => controller.abort(), random.between(0, 200));
        const stream = await fetch(`${server.url}/api/stream`, { headers: { Authorization: `Bearer ${server.adminKey}` }, signal: controller.signal });
        for await (const _ of stream.body) if (!state.running) break;
      }
    } catch {
      if (!server.process.running) return;
      await sleep(1);  // refused, reset or cut short
    }
  }
}

test(`SIGTERM under mixed load ends it in order, ${rounds} times (seed ${seed})`, async (t) => {
  const random = randomFrom(seed);
  const server = await Shakehook.start(t);
  const arrived = new Set();
  let failing = false;
  const receiver = await Receiver.start(t, {
    keeps: false,
    answer: async (request) => {
      if (random.chance(0.05)) await sleep(random.between(0, 300));
      if (failing || random.chance(0.1)) return 500;
      arrived.add(JSON.parse(request.body.toString()).data.id);
      return 204;
    },
  });
  await server.api.venue();
  for (let i = 0; i < 3; ++i) await server.api.webhook(receiver.url);
  await server.api.webhook(`http://127.0.0.1:${await freePort()}/`);  // nobody is there
  const promised = [];
  for (let round = 0; round < rounds; ++round) {
    failing = random.chance(0.2);
    const state = { running: true, round };
    const working = Promise.all(Array.from({ length: callers }, () => call(server, random, promised, state)));
    await sleep(30 + random.between(0, 250));
    const start = Date.now();
    const ended = await server.stop();
    state.running = false;
    assert.deepEqual(ended, { code: 0, signal: null }, `round ${round}, seed ${seed}: ${server.process.errors.slice(-4000)}`);
    assert.ok(Date.now() - start < drainMsMax, `round ${round}: it took ${Date.now() - start} ms`);
    await working;
    await server.launch();
  }
  failing = false;
  // A thousand rounds leave minutes of deliveries behind, which may take their time as long as they go on.
  let missing = promised;
  while (missing.length > 0) {
    const seen = arrived.size;
    await eventually(() => arrived.size > seen || missing.every((id) => arrived.has(id)), 'delivery of what was promised', 60_000,
      () => `${missing.length} of ${promised.length} are missing`);
    missing = missing.filter((id) => !arrived.has(id));
  }
});
