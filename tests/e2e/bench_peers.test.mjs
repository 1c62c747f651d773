// The pieces of the comparison with peers that decide what its figures say: the spread, the energy, the command line.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { joulesBetween, openEnergy } from '../../bench/peers/energy.mjs';
import { spread, tableOf } from '../../bench/peers/spread.mjs';

test('the spread is minimum, median and maximum, whatever the order', () => {
  assert.deepEqual(spread([5, 1, 9, 3, 7]), { min: 1, median: 5, max: 9 });
  assert.deepEqual(spread([4, 1, 3, 2]), { min: 1, median: 2.5, max: 4 });
  assert.deepEqual(spread([7]), { min: 7, median: 7, max: 7 });
});

test('the table says which figures could not be read', () => {
  const table = new Map(tableOf([{ rate: 100, joules: null }, { rate: 300, joules: null }]));
  assert.equal(table.get('delivered /s'), '100   200   300');
  assert.equal(table.get('energy, J for 1,000 deliveries'), 'not measured here');
});

test('energy is the sum over the processors, and a counter may start again from zero', (t) => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'shakehook-rapl-'));
  t.after(() => fs.rmSync(root, { recursive: true }));
  // A part of a processor (intel-rapl:0:0) is counted in the processor already.
  for (const [name, range, energy] of [['intel-rapl:0', 1000e6, 990e6], ['intel-rapl:1', 1000e6, 5e6], ['intel-rapl:0:0', 1000e6, 7e6]]) {
    fs.mkdirSync(path.join(root, name));
    fs.writeFileSync(path.join(root, name, 'max_energy_range_uj'), `${range}\n`);
    fs.writeFileSync(path.join(root, name, 'energy_uj'), `${energy}\n`);
  }
  const energy = openEnergy(root);
  const before = energy.readAll();
  fs.writeFileSync(path.join(root, 'intel-rapl:0', 'energy_uj'), `${20e6}\n`);
  fs.writeFileSync(path.join(root, 'intel-rapl:1', 'energy_uj'), `${8e6}\n`);
  assert.equal(joulesBetween(before, energy.readAll(), energy.ranges), 33);
});

test('without counters there is no energy, and no error', () => {
  assert.equal(openEnergy(path.join(os.tmpdir(), 'shakehook-no-such-folder')), undefined);
});

test('an argument that cannot be used ends the program with the reason', () => {
  const main = path.resolve(import.meta.dirname, '../../bench/peers/main.mjs');
  for (const [argument, reason] of [
    ['--river=/no/such/program', /--river: there is no program at \/no\/such\/program/],
    ['--runs=0', /--runs takes a whole number from 1 to 9999/],
    ['--sevnix=/bin/true', /cannot use --sevnix/],
    ['sidekiq', /there is no sidekiq/],
  ]) {
    const { status, stderr } = spawnSync('node', [main, argument], { cwd: os.tmpdir(), encoding: 'utf8' });
    assert.equal(status, 2, argument);
    assert.match(stderr, reason);
  }
});
