// The comparison behind ./dev bench peers: the same load, the same nginx, one system after the other, Shakehook first
// and last, because the machine may change meanwhile. Counts must agree for each; the latency part checks every
// signature.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Nginx } from '../suite/nginx.mjs';
import { freePort, sleep, stopAll } from '../suite/process.mjs';
import { format, Report } from '../suite/report.mjs';
import { Server } from '../suite/server.mjs';
import { peers } from './systems.mjs';

const folder = path.resolve('build/bench/peers');
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=';
const connections = 64;
const stillMsMax = 15_000;
const latencyRate = 100;

// Shakehook, as the peers are driven.
class Shakehook {
  constructor(where) { this.server = new Server(where); }
  async start(webhook) {
    await this.server.start();
    await this.server.venue('v0');
    this.secret = (await this.server.webhook('v0', webhook.url)).secret;
  }
  load(flags) { return this.server.load({ ...flags, venues: 'v:1' }); }
  usage() {
    const usage = this.server.usage();
    return { ...usage, bytes: usage.peakBytes };
  }
  stop() { return this.server.stop(); }
}

const quick = process.argv.includes('--quick');
const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const seconds = quick ? 5 : 15;
const shakehook = { name: 'shakehook', what: 'Shakehook', make: (where) => new Shakehook(where) };
const chosen = [shakehook, ...peers.filter(({ name }) => names.length === 0 || names.includes(name)),
  { ...shakehook, name: 'shakehook-again', what: 'Shakehook, once more' }];
for (const name of names) {
  if (!peers.some((peer) => peer.name === name)) {
    console.error(`./dev bench peers: there is no ${name} (known: ${peers.map((peer) => peer.name).join(' ')})`);
    process.exit(2);
  }
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { stopAll(); process.exit(1); });
process.on('exit', stopAll);

async function throughput(peer, report, where) {
  const nginx = new Nginx(path.join(where, 'nginx'));
  await nginx.start();
  const system = peer.make(path.join(where, 'throughput'));
  await system.start({ url: nginx.url(), secret });
  const yardstick = await nginx.yardstick(quick);
  const arrivedBefore = await nginx.arrived();
  const before = system.usage();
  const begin = performance.now();
  const loaded = await system.load({ connections, seconds });
  const atEnd = await nginx.arrived() - arrivedBefore;
  let arrived = atEnd;
  let lastAt = performance.now();
  while (arrived < loaded.accepted && performance.now() - lastAt < stillMsMax) {
    await sleep(50);
    const now = await nginx.arrived() - arrivedBefore;
    if (now > arrived) lastAt = performance.now();
    arrived = now;
  }
  const rate = arrived / ((lastAt - begin) / 1000);
  await sleep(300);  // attempts are recorded
  const after = system.usage();
  report.rate('accepted_rate', 'contacts accepted', loaded.accepted / loaded.seconds);
  report.rate('rate', 'delivered, from the first to the last', rate);
  report.add('behind', 'not yet delivered when the load ended', loaded.accepted - atEnd, format.count(loaded.accepted - atEnd));
  report.latency('answers', 'API answer', loaded.answers);
  const cpu = (after.cpuSeconds - before.cpuSeconds) / arrived * 1e6;
  report.add('cpu_us', 'CPU a delivery, all its processes', cpu, format.micros(cpu));
  report.add('bytes', 'memory, all its processes', after.bytes, format.megabytes(after.bytes));
  const written = (after.writtenBytes - before.writtenBytes) / arrived;
  report.add('written_bytes', 'written to disk a delivery', written, format.bytes(written));
  report.add('yardstick', 'wrk straight at the same nginx', yardstick,
    `${format.rate(yardstick)}; this is ${format.ratio(rate / yardstick)} of it`);
  report.check(loaded.refused === 0 && arrived === loaded.accepted,
    `${loaded.accepted} were accepted, ${loaded.refused} refused, ${arrived} arrived`);
  await system.stop();
  await nginx.stop();
}

async function latency(peer, report, where) {
  const receive = await freePort();
  const system = peer.make(path.join(where, 'latency'));
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

console.log(`${os.cpus()[0]?.model}, ${os.availableParallelism()} cores; load ${os.loadavg()[0].toFixed(2)} before the run`);
const results = [];
for (const peer of chosen) {
  console.log(`\n${peer.name}: ${peer.what}`);
  const where = path.join(folder, peer.name);
  fs.rmSync(where, { recursive: true, force: true });
  fs.mkdirSync(where, { recursive: true });
  const report = new Report(peer.name);
  try {
    await throughput(peer, report, where);
    await latency(peer, report, where);
  } catch (error) {
    report.check(false, error.message);
    stopAll();
  }
  if (report.failures.length === 0) fs.rmSync(where, { recursive: true, force: true });
  results.push({ name: peer.name, ...report.figures, failures: report.failures });
}
fs.writeFileSync('build/bench/peers.json', `${JSON.stringify(results, null, 2)}\n`);
if (results.some(({ failures }) => failures.length > 0)) process.exit(1);
