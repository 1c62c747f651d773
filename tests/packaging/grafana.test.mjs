// packaging/grafana/shakehook.json by the schema of Grafana itself. tests/e2e/metrics.test.mjs asks its queries.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { Process, root, temporaryFolder } from '../harness/shakehook.mjs';
import { fileOf, missing, tool } from './tools.mjs';

const skip = missing(fileOf('grafana_foundation_sdk'));
const dashboard = path.join(root, 'packaging/grafana/shakehook.json');

async function lostIn(file) {
  const process = new Process(tool('python3'), [path.join(root, 'tests/packaging/grafana_dashboard.py'), file]);
  const { code } = await process.exit;
  assert.equal(code, 0, process.errors);
  return process.output.split('\n').filter(Boolean);
}

test('every field of the dashboard is one of Grafana’s', { skip }, async () => {
  assert.deepEqual(await lostIn(dashboard), []);
});

test('a misspelled field would be found', { skip }, async (t) => {
  const file = path.join(await temporaryFolder(t), 'wrong.json');
  writeFileSync(file, readFileSync(dashboard, 'utf8').replace('"gridPos"', '"gridpos"'));
  assert.notDeepEqual(await lostIn(file), []);
});
