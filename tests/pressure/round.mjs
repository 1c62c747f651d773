// One round: a server of its own with ten tenants, of which nine are measured alone and then beside the hostile one.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';

import { sleep } from '../harness/eventually.mjs';
import { Shakehook } from '../harness/shakehook.mjs';
import { OtherProcess } from './other_process.mjs';
import { makeHostile, makeNeighbours } from './tenants.mjs';

const flags = { 'allow-target': '127.0.0.0/8', 'allow-http-targets': true, 'log-level': 'warning' };
const warmMs = 700;
const settleMsMax = 30_000;

export function peakBytes(pid) {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
}

export class Round {
  static async start(name, { scale = 1 } = {}) {
    const round = new Round();
    round.server = await Shakehook.start(null, { flags });
    round.neighbours = new OtherProcess('neighbours_process.mjs');
    round.hostile = new OtherProcess('hostile_process.mjs');
    try {
      const { receiver } = await round.neighbours.ask('listen');
      const tenants = await makeNeighbours(round.server.api, receiver);
      const tenant = await makeHostile(round.server.api);
      ({ parts: round.parts } = await round.hostile.ask('prepare', { name, tenant, scale }));
      await round.neighbours.ask('begin', { url: round.server.url, neighbours: tenants });
      await sleep(warmMs);
    } catch (error) {
      await round.end();
      throw error;
    }
    round.hostileReports = {};
    return round;
  }

  async alone(ms) {
    await this.neighbours.ask('phase', { name: 'alone' });
    await sleep(ms);
  }

  // Measures for `ms`, though the attack may end earlier.
  async beside(part, ms) {
    await this.hostile.ask('ready', { part });
    await this.neighbours.ask('phase', { name: part });
    const [report] = await Promise.all([this.hostile.ask('attack', { ms }), sleep(ms)]);
    this.hostileReports[part] = report;
    return report;
  }

  // Returns the measurements: {phases: {alone, …}, peakBytes, …}. The neighbours' deliveries have arrived, or are
  // missing.
  async measured() {
    const measured = await this.neighbours.ask('finish', { msMax: settleMsMax });
    return { ...measured, peakBytes: this.server.process.running ? peakBytes(this.server.process.child.pid) : 0 };
  }

  // Ends the server as an operator does, while the hostile tenant still holds what it holds.
  async stop() {
    const began = Date.now();
    const { code, signal } = await this.server.stop();
    return { ms: Date.now() - began, code, signal };
  }

  async end() {
    await Promise.all([this.neighbours?.end(), this.hostile?.end()]);
    await this.server.process.end('SIGKILL');
    await rm(this.server.folder, { recursive: true, force: true });
  }
}
