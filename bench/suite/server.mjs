// The server under test, with a database of its own.
import fs from 'node:fs';
import path from 'node:path';
import { freePort, processorMs, resetPeak, run, start, stop, until, usage } from './process.mjs';

const adminKey = 'bench-admin-key-bench-admin-key-bench';
const release = 'build/release';
const program = process.env.TESTED_PROGRAM ?? `${release}/shakehook`;

export class Server {
  // `flags`: more of `shakehook serve`.
  constructor(folder, flags = []) {
    this.folder = folder;
    this.flags = flags;
    this.key = adminKey;
  }

  // `flags`: more for this start alone.
  async start({ timeoutMs, flags = [] } = {}) {
    fs.mkdirSync(this.folder, { recursive: true });
    this.port ??= await freePort();
    this.child = start(program, [
      'serve', '--listen', `127.0.0.1:${this.port}`, '--database', `sqlite:${path.join(this.folder, 'shakehook.db')}`,
      '--admin-key', adminKey, '--allow-target', '127.0.0.0/8', '--allow-http-targets', '--metrics-open',
      '--log-level', 'warning', ...this.flags, ...flags,
    ], { log: path.join(this.folder, 'server.log') });
    await until('the server\'s start', () => this.#text('/readyz').then(() => true), { timeoutMs, everyMs: 5 });
  }

  async stop() {
    await stop(this.child);
  }

  get pid() { return this.child.pid; }
  usage() { return usage(this.pid); }
  processorMs() { return processorMs(this.pid); }
  resetPeak() { resetPeak(this.pid); }

  async call(method, url, body) {
    const response = await fetch(`http://127.0.0.1:${this.port}${url}`, {
      method, body: body && JSON.stringify(body),
      headers: { Authorization: `Bearer ${adminKey}`, ...(body && { 'Content-Type': 'application/json' }) },
    });
    const text = await response.text();
    if (!response.ok) {
      throw Object.assign(new Error(`${method} ${url}: ${response.status} ${text}`), { status: response.status });
    }
    return text ? JSON.parse(text) : undefined;
  }

  venue(id) { return this.call('POST', '/api/venues', { id, name: id }); }
  webhook(venue, url) {
    return this.call('POST', '/api/webhooks',
      { name: url, url, scope: { venue_id: venue }, events: ['contact.created'] });
  }

  async #text(url) {
    const response = await fetch(`http://127.0.0.1:${this.port}${url}`);
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    return response.text();
  }

  // The sum over the metric's children whose labels hold all of these.
  async metric(name, labels = {}) {
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    let sum = 0;
    for (const line of (await this.#text('/metrics')).split('\n')) {
      if (!line.startsWith(`${name}{`) && !line.startsWith(`${name} `)) continue;
      if (wanted.every((label) => line.includes(label))) sum += Number(line.slice(line.lastIndexOf(' ') + 1));
    }
    return sum;
  }
  delivered() { return this.metric('shakehook_deliveries_total', { status: 'delivered' }); }

  // bench_store does not wait for the disk; what is measured next must not wait for it instead.
  async #made(args) {
    const output = await run(`${release}/bench/bench_store`, args);
    await run('sync', [path.join(this.folder, 'shakehook.db')]);
    return output;
  }

  // Fills the database while the server is stopped; answers how many deliveries that made.
  async fill(venuePrefix, venueCount, events, then) {
    return Number(await this.#made(['fill', this.folder, venuePrefix, String(venueCount), String(events), then]));
  }

  // Fills it with contacts that have names as people have them, while the server is stopped.
  people(venuePrefix, venueCount, contacts) {
    return this.#made(['people', this.folder, venuePrefix, String(venueCount), String(contacts)]);
  }

  // Makes the index for searches, while the server is stopped. The server itself makes it only when nobody else wants
  // the processor.
  makeSearchIndex() { return this.#made(['index', this.folder]); }

  // Makes webhooks of venues of their own, while the server is stopped.
  makeWebhooks(venuePrefix, count) {
    return this.#made(['webhooks', this.folder, venuePrefix, String(count)]);
  }

  // Compares what the receiver noted with the database, while the server is stopped.
  async check(noted) {
    const [right, wrong] = (await run(`${release}/bench/bench_store`, ['check', this.folder], { input: noted }))
      .trim().split(' ').map(Number);
    return { right, wrong };
  }

  // Creates contacts; answers bench_load's figures.
  async load(flags) {
    const args = Object.entries({ api: this.port, key: adminKey, ...flags }).map(([name, value]) => `--${name}=${value}`);
    return JSON.parse(await run(`${release}/bench/bench_load`, args));
  }
}
