// The peers' databases, each in a folder of its own and none as root, with settings under which what was answered survives
// a loss of power.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { freePort, run, start, stop, until } from '../suite/process.mjs';

// `fsync`: always (durable), or everysec (may lose a second).
export class Redis {
  constructor(folder, fsync = 'always') {
    this.folder = folder;
    this.fsync = fsync;
  }

  async start() {
    fs.mkdirSync(this.folder, { recursive: true });
    this.port = await freePort();
    this.child = start('redis-server', ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'yes',
      '--appendfsync', this.fsync, '--maxmemory-policy', 'noeviction', '--dir', this.folder],
    { log: path.join(this.folder, 'redis.log') });
    await until('Redis\'s start', () => run('redis-cli', ['-p', String(this.port), 'ping']).then((text) => text.includes('PONG')));
  }

  stop() { return stop(this.child); }
}

export class Postgres {
  constructor(folder) { this.folder = folder; }

  async start() {
    fs.mkdirSync(this.folder, { recursive: true });
    const versions = fs.readdirSync('/usr/lib/postgresql').sort((a, b) => Number(a) - Number(b));
    const bin = `/usr/lib/postgresql/${versions.at(-1)}/bin`;
    this.data = path.join(this.folder, 'data');
    // PostgreSQL does not run as root.
    const asUser = process.getuid() === 0 ? ['runuser', '-u', 'postgres', '--'] : [];
    if (asUser.length > 0) spawnSync('chown', ['postgres', this.folder]);
    const initialise = [...asUser, `${bin}/initdb`, '-D', this.data, '-U', 'bench', '-A', 'trust', '--no-instructions'];
    await run(initialise[0], initialise.slice(1));
    this.port = await freePort();
    const settings = ['-p', String(this.port), '-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${this.data}`,
      '-c', 'shared_buffers=512MB', '-c', 'max_wal_size=8GB', '-c', 'checkpoint_timeout=30min', '-c', 'wal_compression=on',
      '-c', 'synchronous_commit=on', '-c', 'max_connections=300'];
    const command = [...asUser, `${bin}/postgres`, '-D', this.data, ...settings];
    this.child = start(command[0], command.slice(1), { log: path.join(this.folder, 'postgres.log') });
    this.url = `postgresql://bench@127.0.0.1:${this.port}/postgres`;
    await until('PostgreSQL\'s start', () => run('psql', [this.url, '-c', 'SELECT 1']));
  }

  runFile(file) { return run('psql', [this.url, '-q', '-v', 'ON_ERROR_STOP=1', '-f', file]); }

  async stop() {
    const postmaster = Number(fs.readFileSync(path.join(this.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(postmaster, 'SIGINT');  // its fast shutdown
    await this.child.ended;
  }
}
