// The suite behind ./dev bench: runs the named scenarios, or all, one after the other, prints what each measured, and
// fails where a delivery was lost, came twice or was wrongly signed. Nothing here asserts how fast the server is.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stopAll } from './process.mjs';
import { Scenario } from './scenario.mjs';

const folder = path.resolve('build/bench');
const files = ['throughput', 'latency', 'scale', 'backlog', 'kill', 'queries', 'searches', 'neighbours'];
const all = (await Promise.all(files.map((file) => import(`./scenarios/${file}.mjs`)))).flatMap((m) => m.scenarios);
// Scenarios that take many minutes and gigabytes run when they are asked for by name, and with --quick.
const large = new Set(['backlog-10m', 'queries', 'searches', 'neighbours']);
// Takes a quarter of an hour, and gives figures of something else than the server's own speed.
const byNameAlone = new Set(['neighbours']);

function usage() {
  console.log('usage: ./dev bench [SCENARIO...] [--quick] [--seconds=N] [--rate=N] [--connections=N] [--deliveries=N]\n       [--contacts=N] [--hostile=NAME] [--keep] [--reuse]');
  console.log('\n  without names: all but those marked *, which need some minutes and gigabytes\n');
  for (const { name, what } of all) console.log(`  ${name.padEnd(18)} ${large.has(name) ? '*' : ' '} ${what}`);
  console.log('\n  micro                the hot pieces one by one (Google Benchmark; flags go to it)');
  console.log('  peers                other systems side by side (docs/benchmarks.md; `peers --help`)');
}

function readArguments(args) {
  const options = { quick: false, keep: false, reuse: false };
  const names = [];
  for (const argument of args) {
    const number = argument.match(/^--(seconds|rate|connections|deliveries|contacts)=([1-9]\d*)$/);
    const hostile = argument.match(/^--hostile=(\S+)$/);
    if (number) options[number[1]] = Number(number[2]);
    else if (hostile) options.hostile = hostile[1];
    else if (['--quick', '--keep', '--reuse'].includes(argument)) options[argument.slice(2)] = true;
    else if (all.some((scenario) => scenario.name === argument)) names.push(argument);
    else {
      console.error(`./dev bench: cannot use ${argument}`);
      usage();
      process.exit(2);
    }
  }
  return { options, names };
}

if (process.argv.slice(2).some((argument) => ['help', '--help', '-h', 'list'].includes(argument))) {
  usage();
  process.exit(0);
}
const { options, names } = readArguments(process.argv.slice(2));
const chosen = all.filter(({ name }) => (names.length > 0 ? names.includes(name) : !byNameAlone.has(name) && (options.quick || !large.has(name))));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { stopAll(); process.exit(1); });
process.on('exit', stopAll);

const load = os.loadavg();
console.log(`${os.cpus()[0]?.model ?? 'unknown processor'}, ${Scenario.cores()} cores; load ${load[0].toFixed(2)} before the run` +
  `${load[0] > 0.5 ? ' (not quiet: trust ratios more than figures)' : ''}`);
fs.mkdirSync(folder, { recursive: true });
const results = [];
for (const { name, what, run } of chosen) {
  console.log(`\n${name}: ${what}`);
  const scenario = new Scenario(name, folder, options);
  try {
    await run(scenario);
  } catch (error) {
    scenario.report.check(false, error.message);
  }
  stopAll();
  if (scenario.report.failures.length === 0) scenario.dispose();
  results.push({ name, options, load_before: load[0], ...scenario.report.figures, failures: scenario.report.failures });
  fs.writeFileSync(path.join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
}
const failed = results.filter((result) => result.failures.length > 0);
if (failed.length > 0) {
  console.log(`\nFAILED: ${failed.map(({ name }) => name).join(', ')} (what they left is in build/bench)`);
  process.exit(1);
}
