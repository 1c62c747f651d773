// The comparison behind ./dev bench peers: the same load, the same nginx, one system after the other. Where each runs once,
// Shakehook is first and last, because the machine may change meanwhile; with --runs all take turns. Counts must agree for
// each; the latency part checks that every contact came once, and every signature.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run, stopAll } from '../suite/process.mjs';
import { Report } from '../suite/report.mjs';
import { readArguments } from './arguments.mjs';
import { measureLatency, measureThroughput } from './measure.mjs';
import { tableOf } from './spread.mjs';
import { peers, shakehook } from './systems.mjs';

const folder = path.resolve('build/bench/peers');
const resultsFile = 'build/bench/peers.json';
const systems = [shakehook, ...peers];

async function buildRiver() {
  if (spawnSync('go', ['version']).status !== 0) {
    console.error('./dev bench peers: --build-river needs go on PATH');
    process.exit(2);
  }
  const program = path.join(folder, 'river_peer');
  await run('go', ['build', '-C', 'bench/peers/river', '-o', program, '.']);
  return program;
}

async function measure(system, binary, options) {
  console.log(`\n${system.name}: ${system.what}`);
  const where = path.join(folder, system.name);
  fs.rmSync(where, { recursive: true, force: true });
  fs.mkdirSync(where, { recursive: true });
  const report = new Report(system.name);
  const what = { make: (place) => system.make(place, binary), report, where, ...options };
  const loadBefore = os.loadavg()[0];
  try {
    await measureThroughput(what);
    await measureLatency(what);
  } catch (error) {
    report.check(false, error.message);
    stopAll();
  }
  if (report.failures.length === 0) fs.rmSync(where, { recursive: true, force: true });
  return { name: system.name, seconds: options.seconds, load_before: loadBefore, ...report.figures, failures: report.failures };
}

function print(results, notRun) {
  console.log('\nAll runs: minimum, median, maximum');
  for (const { name, what } of systems) {
    const runs = results.filter((result) => result.name === name && result.failures.length === 0);
    if (runs.length === 0) continue;
    console.log(`\n${name}: ${what} (${runs.length} ${runs.length === 1 ? 'run' : 'runs'})`);
    for (const [label, text] of tableOf(runs)) console.log(`  ${label.padEnd(34)} ${text}`);
  }
  if (notRun.length > 0) console.log('');
  for (const { name, binary } of notRun) console.log(`${name}: not run (no binary given: --${binary}=PATH)`);
}

const options = readArguments(process.argv.slice(2), {
  names: systems.map(({ name }) => name),
  binaries: peers.flatMap(({ binary }) => binary ?? []),
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { stopAll(); process.exit(1); });
process.on('exit', stopAll);
fs.mkdirSync(folder, { recursive: true });
if (options.buildRiver) options.binaries.river ??= await buildRiver();

const wanted = systems.filter(({ name }) => options.names.length === 0 || options.names.includes(name) || name === 'shakehook');
const notRun = peers.filter(({ binary }) => binary && !options.binaries[binary]);
const turn = wanted.filter((system) => !notRun.includes(system));
const order = options.runs === 1 ? [...turn, shakehook] : Array.from({ length: options.runs }, () => turn).flat();
const results = options.add && fs.existsSync(resultsFile) ? JSON.parse(fs.readFileSync(resultsFile, 'utf8')) : [];
const known = results.length;
console.log(`${os.cpus()[0]?.model}, ${os.availableParallelism()} cores; load ${os.loadavg()[0].toFixed(2)} before the run`);
for (const system of order) {
  results.push(await measure(system, options.binaries[system.binary], options));
  fs.writeFileSync(resultsFile, `${JSON.stringify(results, null, 2)}\n`);
}
print(results, notRun);
const failed = results.slice(known).filter(({ failures }) => failures.length > 0);
if (failed.length > 0) {
  console.log(`\nFAILED: ${[...new Set(failed.map(({ name }) => name))].join(', ')} (what they left is in ${folder})`);
  process.exit(1);
}
if (options.names.some((name) => notRun.some((peer) => peer.name === name))) process.exit(1);
