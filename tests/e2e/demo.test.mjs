// ./dev demo: a bounded run ends by itself, and nothing that it shows is amiss.
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';

import { sleep } from '../harness/eventually.mjs';
import { Process, program, root } from '../harness/shakehook.mjs';

function demo(...args) {
  return new Process('bash', [path.join(root, 'scripts/demo.sh'), ...args], {
    env: { ...process.env, TESTED_PROGRAM: program, NO_COLOR: '1' },
  });
}

test('a demo of some seconds shows deliveries, signed right, and ends well', async (t) => {
  const run = demo('--seconds=4');
  t.after(() => run.end('SIGTERM'));
  await run.says(/contact\.created/);
  assert.deepEqual(await run.exit, { code: 0, signal: null }, run.output + run.errors);
  assert.match(run.output, /signature ok/);
  assert.doesNotMatch(run.output, /WRONG SIGNATURE/);
  assert.match(run.output, /\d+ changes, \d+ requests received, \d+ refused and sent again, 0 with a wrong signature/);
});

test('a demo that is stopped ends its server too', async (t) => {
  const run = demo();
  t.after(() => run.end('SIGKILL'));
  const [, url] = await run.says(/(http:\/\/127\.0\.0\.1:\d+)\/docs/);
  await run.says(/200/);
  const { code } = await run.end('SIGTERM');
  assert.equal(code, 0, run.output + run.errors);
  await sleep(50);
  await assert.rejects(fetch(`${url}/healthz`));
});

test('an argument that the demo does not know is one line', async () => {
  const run = demo('--minutes=4');
  assert.equal((await run.exit).code, 2);
  assert.match(run.errors, /--minutes=4/);
});
