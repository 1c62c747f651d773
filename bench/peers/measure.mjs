// One system's run: contacts created by bench_load, then by wrk, delivered to nginx; then a hundred a second on an idle
// system. wrk straight at the same nginx, just before, is the yardstick that every rate is divided by.
import fs from 'node:fs';
import path from 'node:path';
import { Nginx } from '../suite/nginx.mjs';
import { freePort, run, sleep } from '../suite/process.mjs';
import { format } from '../suite/report.mjs';
import { joulesBetween, openEnergy } from './energy.mjs';
import { cpuSecondsOfEndedChildren, usageOfFamilies } from './processes.mjs';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=';
const connections = 64;
const stillMsMax = 15_000;  // deliveries that have not come by then are lost
const recordedMs = 300;     // until attempts are recorded
const latencyRate = 100;

const energy = openEnergy();

// Waits until `wanted` have arrived since `before`; returns how many did, and when the last was seen.
async function awaitArrivals(nginx, before, wanted) {
  let arrived = await nginx.arrived() - before;
  let lastAt = performance.now();
  while (arrived < wanted && performance.now() - lastAt < stillMsMax) {
    await sleep(50);
    const now = await nginx.arrived() - before;
    if (now > arrived) lastAt = performance.now();
    arrived = now;
  }
  return { arrived, lastAt };
}

// Returns what all of it has used so far: the system with its databases, the receiver, the loads that have ended, the machine.
function meter(system, nginx) {
  const own = system.usage();
  const around = usageOfFamilies([nginx.child.pid]).cpuSeconds + cpuSecondsOfEndedChildren();
  return { ...own, wholeSeconds: own.cpuSeconds + around, joules: energy?.readAll() };
}

function reportCost(report, before, after, arrived) {
  const micros = (name) => (after[name] - before[name]) / arrived * 1e6;
  report.add('cpu_us', 'CPU a delivery, all its processes', micros('cpuSeconds'), format.micros(micros('cpuSeconds')));
  report.add('whole_cpu_us', 'CPU a delivery, receiver and load too', micros('wholeSeconds'), format.micros(micros('wholeSeconds')));
  if (energy) {
    const joules = joulesBetween(before.joules, after.joules, energy.ranges) / arrived * 1000;
    report.add('joules', 'energy of the machine, 1,000 deliveries', joules, `${joules.toFixed(2)} J`);
  } else {
    report.add('joules', 'energy of the machine', null, 'not readable here (processor-seconds stand in for it)');
  }
  report.add('bytes', 'memory, all its processes', after.bytes, format.megabytes(after.bytes));
  const written = (after.writtenBytes - before.writtenBytes) / arrived;
  report.add('written_bytes', 'written to disk a delivery', written, format.bytes(written));
}

function reportRate(report, figure, label, rate, yardstick) {
  report.add(figure, label, rate, `${format.rate(rate)}; ${format.ratio(rate / yardstick)} of wrk straight at nginx`);
  report.figures[`${figure}_ratio`] = rate / yardstick;
}

async function ownLoad({ system, nginx, report, seconds, yardstick }) {
  const arrivedBefore = await nginx.arrived();
  const before = meter(system, nginx);
  const begin = performance.now();
  const loaded = await system.load({ connections, seconds });
  const atEnd = await nginx.arrived() - arrivedBefore;
  const { arrived, lastAt } = await awaitArrivals(nginx, arrivedBefore, loaded.accepted);
  await sleep(recordedMs);
  const after = meter(system, nginx);
  report.rate('accepted_rate', 'contacts accepted', loaded.accepted / loaded.seconds);
  reportRate(report, 'rate', 'delivered, from the first to the last', arrived / ((lastAt - begin) / 1000), yardstick);
  report.add('behind', 'not yet delivered when the load ended', loaded.accepted - atEnd, format.count(loaded.accepted - atEnd));
  report.latency('answers', 'API answer', loaded.answers);
  reportCost(report, before, after, arrived);
  report.check(loaded.refused === 0 && arrived === loaded.accepted,
    `${loaded.accepted} were accepted, ${loaded.refused} refused, ${arrived} arrived`);
}

// wrk ends without waiting for the answers under way, so up to one contact a connection may arrive beyond those answered.
async function outsideLoad({ system, nginx, report, seconds, yardstick }) {
  const arrivedBefore = await nginx.arrived();
  const { port, path: where, key, before, after } = system.api;
  const begin = performance.now();
  const output = await run('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', 'bench/peers/wrk_contacts.lua',
    `http://127.0.0.1:${port}/`],
  { env: { LOAD_PATH: `/${where}`, LOAD_KEY: key ?? '', LOAD_BEFORE: before ?? '', LOAD_AFTER: after ?? '' } });
  const loaded = JSON.parse(output.trim().split('\n').at(-1));
  const { arrived, lastAt } = await awaitArrivals(nginx, arrivedBefore, loaded.answered);
  reportRate(report, 'wrk_rate', 'the same, wrk creating the contacts', arrived / ((lastAt - begin) / 1000), yardstick);
  report.check(loaded.refused === 0 && loaded.broken === 0 && arrived >= loaded.answered && arrived <= loaded.answered + connections,
    `wrk: ${loaded.answered} were answered, ${loaded.refused} refused, ${loaded.broken} broken off, ${arrived} arrived`);
}

export async function measureThroughput({ make, report, where, seconds, quick }) {
  const nginx = new Nginx(path.join(where, 'nginx'));
  await nginx.start();
  const system = make(path.join(where, 'throughput'));
  await system.start({ url: nginx.url(), secret });
  const yardstick = await nginx.yardstick(quick);
  report.rate('yardstick', 'wrk straight at the same nginx', yardstick);
  const run = { system, nginx, report, seconds, yardstick };
  await ownLoad(run);
  await outsideLoad(run);
  await system.stop();
  await nginx.stop();
}

export async function measureLatency({ make, report, where, quick }) {
  const receive = await freePort();
  const system = make(path.join(where, 'latency'));
  if (system.readByReceiver === false) {
    report.add('idle_arrivals', 'idle latency', null, 'not measured (bench_load cannot read its requests)');
    return;
  }
  await system.start({ url: `http://127.0.0.1:${receive}/0`, secret });
  const secrets = path.join(where, 'secrets');
  fs.writeFileSync(secrets, `/0 ${system.secret ?? secret}\n`);
  const loaded = await system.load({ connections: 2, rate: latencyRate, seconds: quick ? 3 : 10, receive, secrets });
  report.latency('idle_answers', `API answer, ${latencyRate} a second`, loaded.answers);
  report.latency('idle_arrivals', 'from sending to the receiver', loaded.arrivals);
  report.check(loaded.arrived === loaded.accepted && loaded.missing === 0 && loaded.came_twice === 0 &&
    loaded.wrongly_signed === 0, `of ${loaded.accepted} accepted ${loaded.arrived} arrived, ${loaded.came_twice} twice, ` +
    `${loaded.wrongly_signed} wrongly signed`);
  await system.stop();
}
