// Programs that take all they get of the processors, beside the server and with the same priority, while so much is
// written that the database's log is begun anew again and again: changes wait for their turn on the processors, and for
// nothing that gets none. When the thread that moves the log ran with less priority than they, changes hung for 96 s.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import test from 'node:test';

import { sleep } from '../harness/eventually.mjs';
import { Shakehook } from '../harness/shakehook.mjs';
import { OtherProcess } from './other_process.mjs';
import { makeNeighbours } from './tenants.mjs';

const all = process.env.PRESSURE === 'all';
const flags = { 'allow-target': '127.0.0.0/8', 'allow-http-targets': true, 'log-level': 'warning' };
const busyMs = all ? 30_000 : 12_000;
const settleMsMax = 60_000;
const p50MsMax = 500;
const waitMsMax = 6_000;
// The log is begun anew when it is 64 MB long, and changes would wait for that at 128 MB.
const writtenBytesMin = 200e6;

function startBusyPrograms(t, count) {
  const programs = Array.from({ length: count }, () => spawn('sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' }));
  t.after(() => programs.forEach((program) => program.kill('SIGKILL')));
}

// Batches of 0.6 MB, so that no commit by itself takes long; each changes what the one before made.
async function writeMuch(api, venue, until) {
  for (let number = 0; Date.now() < until; ++number) {
    const text = `${number % 10}`.repeat(1_000);
    const items = Array.from({ length: 100 }, (_, index) => ({
      id: `much-${index}`, ...Object.fromEntries(['first_name', 'last_name', 'title', 'address_line_1', 'address_line_2', 'city'].map((name) => [name, text])),
    }));
    await api.call('POST', `/api/venues/${venue}/contacts/batch`, items);
  }
}

const perCore = all ? [4, 8] : [4];
for (const each of perCore) {
  const count = each * os.availableParallelism();
  test(`changes are made and delivered beside ${count} programs that take all of the processors`, async (t) => {
    const server = await Shakehook.start(t, { flags });
    const neighbours = new OtherProcess('neighbours_process.mjs');
    t.after(() => neighbours.end());
    const { receiver } = await neighbours.ask('listen');
    const tenants = await makeNeighbours(server.api, receiver);
    await server.api.venue('much');
    await neighbours.ask('begin', { url: server.url, neighbours: tenants });
    await sleep(500);
    startBusyPrograms(t, count);
    await neighbours.ask('phase', { name: 'busy' });
    await writeMuch(server.api, 'much', Date.now() + busyMs);
    const { phases: { busy }, unanswered } = await neighbours.ask('finish', { msMax: settleMsMax });
    const told = JSON.stringify(busy);
    t.diagnostic(told);
    const written = Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${server.process.child.pid}/io`, 'utf8'))[1]);
    t.diagnostic(`${Math.round(written / 1e6)} MB`);
    assert.ok(written >= writtenBytesMin, `only ${Math.round(written / 1e6)} MB were written`);
    assert.equal(unanswered, 0, told);
    assert.deepEqual(busy.failures, {}, told);
    assert.equal(busy.missing, 0, told);
    assert.ok(busy.answers.p50_ms <= p50MsMax, told);
    assert.ok(busy.answers.max_ms <= waitMsMax, told);
    assert.ok(busy.arrivals.max_ms <= waitMsMax, told);
    assert.ok(busy.health.max_ms <= waitMsMax, told);
  });
}
