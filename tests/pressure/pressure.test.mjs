// Nine tenants beside a hostile one, against the real program. How fast the neighbours are served is for
// `./dev bench neighbours` to say; here nothing of theirs may fail or be lost, and nobody may be kept waiting as by a
// server that is deaf.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { root } from '../harness/shakehook.mjs';
import { LargestRequests } from './largest_request.mjs';
import { everyRun, longRuns } from './lists.mjs';
import { Round } from './round.mjs';
import { scenarioOf, scenarios } from './scenarios/all.mjs';

const all = process.env.PRESSURE === 'all';
const only = process.env.PRESSURE_ONLY;

const aloneMs = 500;
const besideMs = 1_500;
// Far above what the benchmark asks for, and far below what a held loop or a full queue costs.
const waitMsMax = 1_000;
const memoryBytesMax = 400e6;
const stopMsMax = 12_000;  // it drains for 10 s at most

const whole = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);

function checkPhase(name, phase) {
  const told = JSON.stringify(phase);
  assert.equal(whole(phase.failures), 0, `${name}: changes of neighbours failed: ${told}`);
  assert.equal(phase.missing, 0, `${name}: deliveries of neighbours did not arrive: ${told}`);
  assert.equal(whole(phase.healthFailures), 0, `${name}: who came meanwhile was not let in: ${told}`);
  assert.equal(whole(phase.streamFailures), 0, `${name}: a neighbour got no stream: ${told}`);
  assert.ok(phase.health.max_ms <= waitMsMax, `${name}: /healthz took ${phase.health.max_ms} ms: ${told}`);
  assert.ok(phase.answers.p99_ms <= waitMsMax, `${name}: changes took ${phase.answers.p99_ms} ms: ${told}`);
  assert.ok(phase.arrivals.p99_ms <= waitMsMax, `${name}: deliveries took ${phase.arrivals.p99_ms} ms: ${told}`);
}

async function checkScenario({ name, scale = 1, ms = besideMs }) {
  const round = await Round.start(name, { scale });
  try {
    await round.alone(aloneMs);
    for (const part of round.parts) await round.beside(part, ms);
    const measured = await round.measured();
    assert.equal(measured.unanswered, 0, 'requests of neighbours were never answered');
    assert.equal(measured.unexpected, 0, 'neighbours received what is not theirs');
    for (const part of round.parts) checkPhase(part === 'all' ? name : part, measured.phases[part]);
    assert.ok(measured.peakBytes <= memoryBytesMax, `the server took ${Math.round(measured.peakBytes / 1e6)} MB`);
    const { ms: stopMs, code, signal } = await round.stop();
    assert.ok(code === 0 && stopMs <= stopMsMax, `on SIGTERM it ended with ${code ?? signal} after ${stopMs} ms`);
  } finally {
    await round.end();
  }
}

test('every scenario is in one list', () => {
  const listed = [...everyRun, ...longRuns].map(({ name }) => name);
  assert.deepEqual(listed.sort(), scenarios.map(({ name }) => name).sort());
});

test('every operation of openapi.json is walked', () => {
  const specification = JSON.parse(readFileSync(path.join(root, 'build/openapi.json'), 'utf8'));
  const operations = Object.entries(specification.paths).flatMap(([address, item]) => Object.entries(item)
    .filter(([, operation]) => operation.responses).map(([method]) => `${method.toUpperCase()} ${address}`));
  const walked = new LargestRequests(specification, {}).routes().map(({ route }) => route);
  assert.ok(operations.length > 80);
  assert.deepEqual(walked.sort(), operations.sort());
});

const chosen = only ? [...everyRun, ...longRuns].filter(({ name }) => name === only)
  : [...everyRun, ...(all ? longRuns : [])];
for (const entry of chosen) test(`neighbours are served beside ${scenarioOf(entry.name).what}`, () => checkScenario(entry));
