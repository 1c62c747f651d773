// A Peer is one system of the comparison while it runs: its databases, its processes, and how contacts are created in it.
import fs from 'node:fs';
import path from 'node:path';
import { run, start, stop, until } from '../suite/process.mjs';
import { usageOfFamilies } from './processes.mjs';

export class Peer {
  // `binary`: the program's path, for a peer whose program is given.
  constructor(folder, binary) {
    this.folder = folder;
    this.binary = binary;
    this.databases = [];
    this.children = [];
    // How a contact is created: POST `path` at `port`, with `key`, the contact between `before` and `after`.
    this.api = { path: 'contacts' };
    // bench_load's receiver reads neither chunked requests nor other signatures than Bookingshake-Signature.
    this.readByReceiver = true;
  }

  async startDatabase(database) {
    await database.start();
    this.databases.push(database);
    return database;
  }

  startProgram(name, program, args, env) {
    fs.mkdirSync(this.folder, { recursive: true });
    this.children.push(start(program, args, { env, log: path.join(this.folder, `${name}.log`) }));
  }

  // Until the API answers anything at all.
  awaitApi(url = `http://127.0.0.1:${this.api.port}/`) {
    return until('the API\'s start', () => fetch(url, { method: 'POST', body: '{}' }));
  }

  // Creates contacts by bench_load; returns its figures.
  async load(flags) {
    const { port, key, path: where, before, after } = this.api;
    const all = { api: port, path: where, ...(key && { key }), ...(before && { before, after }), ...flags };
    const args = Object.entries(all).map(([name, value]) => `--${name}=${value}`);
    return JSON.parse(await run('build/release/bench/bench_load', args));
  }

  get pids() { return [...this.databases.map(({ child }) => child.pid), ...this.children.map(({ pid }) => pid)]; }
  usage() { return usageOfFamilies(this.pids); }

  async stop() {
    for (const child of this.children.reverse()) await stop(child);
    for (const database of this.databases.reverse()) await database.stop();
  }
}
