// A Scenario is one run's server, receivers and report; what the scenarios have in common stands here.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Nginx } from './nginx.mjs';
import { sleep, until } from './process.mjs';
import { format, Report } from './report.mjs';
import { Server } from './server.mjs';

const stillMsMax = 20_000;  // a run in which no delivery arrived for this long is lost

export class Scenario {
  // `options`: {quick, keep, reuse, seconds?, rate?, deliveries?, connections?} as given on the command line. `reuse`:
  // what an earlier run left by `keep` is used again.
  constructor(name, folder, options) {
    this.folder = path.join(folder, name);
    this.options = options;
    this.report = new Report(name);
    if (!options.reuse) fs.rmSync(this.folder, { recursive: true, force: true });
    fs.mkdirSync(this.folder, { recursive: true });
  }

  get quick() { return this.options.quick; }
  seconds(usual, quick = 5) { return this.options.seconds ?? (this.quick ? quick : usual); }
  get connections() { return this.options.connections ?? 64; }

  unstarted(flags) { return new Server(path.join(this.folder, 'data'), flags); }
  async server(flags) {
    const server = this.unstarted(flags);
    await server.start();
    return server;
  }
  async nginx(options) {
    const nginx = new Nginx(path.join(this.folder, 'nginx'), options);
    await nginx.start();
    return nginx;
  }

  // Until so many were delivered since the start, or no more come.
  async drain(server, wanted) {
    let last = await server.delivered();
    let since = Date.now();
    while (last < wanted && Date.now() - since < stillMsMax) {
      await sleep(50);
      const now = await server.delivered();
      if (now > last) since = Date.now();
      last = now;
    }
    return last;
  }

  // Runs `work` and answers what the server used for it, per unit by `units(result)`.
  async measured(server, work) {
    server.resetPeak();
    const before = server.usage();
    const result = await work();
    const after = server.usage();
    return {
      result,
      cpuSeconds: after.cpuSeconds - before.cpuSeconds,
      writtenBytes: after.writtenBytes - before.writtenBytes,
      peakBytes: after.peakBytes,
    };
  }

  reportCost(cost, units, unit = 'delivery') {
    const { report } = this;
    report.add('cpu_us', `server CPU a ${unit}`, cost.cpuSeconds / units * 1e6,
      format.micros(cost.cpuSeconds / units * 1e6));
    report.add('peak_bytes', 'peak memory of the server', cost.peakBytes, format.megabytes(cost.peakBytes));
    report.add('written_bytes', `written to disk a ${unit}`, cost.writtenBytes / units,
      format.bytes(cost.writtenBytes / units));
  }

  reportYardstick(yardstick, rate) {
    this.report.add('yardstick', 'wrk straight at nginx', yardstick,
      `${format.rate(yardstick)}; ours is ${format.ratio(rate / yardstick)} of it`);
    this.report.figures.ratio = rate / yardstick;
  }

  // For what is measured with another receiver than nginx.
  async reportYardstickAlone(rate) {
    const nginx = await this.nginx();
    this.reportYardstick(await nginx.yardstick(this.quick), rate);
    await nginx.stop();
  }

  // Checks that the accepted deliveries were delivered and arrived, and that the noted requests are signed right.
  async checkArrivals({ server, nginx, accepted, delivered, arrived, refused }) {
    const { report } = this;
    report.check(refused === 0, `the API refused ${refused}`);
    report.check(delivered === accepted, `${accepted} deliveries were accepted and ${delivered} delivered`);
    report.check(arrived === delivered, `${delivered} were delivered and ${arrived} arrived at nginx`);
    await sleep(700);  // nginx writes its notes every 500 ms
    await server.stop();
    const { right, wrong } = await server.check(nginx.noted);
    report.add('checked', 'accepted = delivered = arrived', accepted,
      `${format.count(accepted)}; signatures checked: ${format.count(right)}`);
    report.check(wrong === 0, `${wrong} requests did not carry what is stored`);
    report.check(right > 0 || accepted < 2000, 'no signature was checked');
    await nginx.stop();
  }

  // The whole of a throughput run: contacts through the API, deliveries to nginx. `each`: webhooks a contact goes to.
  async throughput({ server, nginx, each = 1, load, unit = 'delivery' }) {
    const { report } = this;
    const yardstick = await nginx.yardstick(this.quick);
    const arrivedBefore = await nginx.arrived();
    const deliveredBefore = await server.delivered();
    const begin = performance.now();
    let atEnd;
    let allSeconds;
    const cost = await this.measured(server, async () => {
      const loaded = await server.load({ connections: this.connections, ...load });
      atEnd = await server.delivered() - deliveredBefore;
      loaded.delivered = await this.drain(server, deliveredBefore + loaded.accepted * each) - deliveredBefore;
      allSeconds = (performance.now() - begin) / 1000;
      return loaded;
    });
    const loaded = cost.result;
    const behind = loaded.accepted * each - atEnd;
    const rate = loaded.delivered / allSeconds;
    report.rate('accepted_rate', 'contacts accepted', loaded.accepted / loaded.seconds);
    report.rate('rate', 'delivered, from the first to the last', rate);
    report.add('behind', 'not yet delivered when the load ended', behind, format.count(behind));
    report.latency('answers', 'API answer', loaded.answers);
    this.reportCost(cost, loaded.delivered, unit);
    this.reportYardstick(yardstick, rate);
    const arrived = await until('the last arrivals', async () => {
      const count = await nginx.arrived() - arrivedBefore;
      return count >= loaded.delivered && count;
    }, { timeoutMs: 3000 }).catch(async () => await nginx.arrived() - arrivedBefore);
    await this.checkArrivals({
      server, nginx, arrived, delivered: loaded.delivered, accepted: loaded.accepted * each, refused: loaded.refused,
    });
    return { rate, loaded };
  }

  dispose() {
    if (!this.options.keep) fs.rmSync(this.folder, { recursive: true, force: true });
  }

  static cores() { return os.availableParallelism(); }
}
