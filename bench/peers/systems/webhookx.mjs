// WebhookX as its sample configuration has it: events come in at its proxy, wait in Redis, and are stored and sent by the
// worker in the same process; PostgreSQL keeps events and attempts. Its requests are signed by its own plugin.
import fs from 'node:fs';
import path from 'node:path';
import { freePort, run, until } from '../../suite/process.mjs';
import { Postgres, Redis } from '../databases.mjs';
import { Peer } from '../peer.mjs';

function configuration({ postgres, redis, proxyPort, adminPort, statusPort }) {
  const redisAt = { host: '127.0.0.1', port: redis.port };
  return {
    log: { level: 'warn' },
    access_log: { enabled: false },
    database: { host: '127.0.0.1', port: postgres.port, username: 'bench', database: 'postgres' },
    redis: redisAt,
    proxy: { listen: `127.0.0.1:${proxyPort}`, queue: { type: 'redis', redis: redisAt } },
    admin: { listen: `127.0.0.1:${adminPort}` },
    status: { listen: `127.0.0.1:${statusPort}` },
    // Its default refuses the loopback, where the receiver is; this network is for documentation alone.
    worker: { enabled: true, deliverer: { acl: { deny: ['203.0.113.0/24'] } } },
  };
}

export class WebhookX extends Peer {
  readByReceiver = false;

  async start(webhook) {
    const postgres = await this.startDatabase(new Postgres(path.join(this.folder, 'postgres')));
    const redis = await this.startDatabase(new Redis(path.join(this.folder, 'redis')));
    const [proxyPort, adminPort, statusPort] = [await freePort(), await freePort(), await freePort()];
    const file = path.join(this.folder, 'webhookx.yml');
    // JSON is YAML too.
    fs.writeFileSync(file, JSON.stringify(configuration({ postgres, redis, proxyPort, adminPort, statusPort })));
    await run(this.binary, ['db', 'up', '--config', file]);
    this.startProgram('webhookx', this.binary, ['start', '--config', file]);
    this.admin = `http://127.0.0.1:${adminPort}/workspaces/default`;
    await until('WebhookX\'s start', () => fetch(`${this.admin}/sources`).then(({ ok }) => ok));
    await this.subscribe(webhook);
    this.api = { port: proxyPort, path: 'events', before: '{"event_type":"contact.created","data":', after: '}' };
    // The proxy learns of the source within a second or two. What is no JSON it refuses with 400, and stores nothing.
    await until('WebhookX\'s source', async () => {
      const { status } = await fetch(`http://127.0.0.1:${proxyPort}/events`, { method: 'POST', body: '{' });
      return status === 400;
    });
  }

  async subscribe(webhook) {
    const endpoint = await this.create('endpoints',
      { request: { url: webhook.url, method: 'POST', timeout: 5000 }, events: ['contact.created'] });
    await this.create('plugins',
      { name: 'webhookx-signature', endpoint_id: endpoint.id, config: { signing_secret: webhook.secret } });
    await this.create('sources',
      { type: 'http', async: true, config: { http: { path: '/events', methods: ['POST'] } } });
  }

  async create(kind, body) {
    const response = await fetch(`${this.admin}/${kind}`,
      { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
    const text = await response.text();
    if (!response.ok) throw new Error(`WebhookX did not make one of its ${kind}: ${response.status} ${text}`);
    return JSON.parse(text);
  }
}
