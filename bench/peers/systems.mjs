// The systems of the comparison. `binary`: the flag that gives its program, where this project does not install it.
import { Server } from '../suite/server.mjs';
import { usageOfFamilies } from './processes.mjs';
import { BullMq, GraphileWorker, River } from './systems/queues.mjs';
import { WebhookX } from './systems/webhookx.mjs';

// Shakehook, as the peers are driven.
class Shakehook {
  constructor(where) { this.server = new Server(where); }
  async start(webhook) {
    await this.server.start();
    await this.server.venue('v0');
    this.secret = (await this.server.webhook('v0', webhook.url)).secret;
    this.api = { port: this.server.port, key: this.server.key, path: 'api/venues/v0/contacts' };
  }
  load(flags) { return this.server.load({ ...flags, venues: 'v:1' }); }
  usage() { return usageOfFamilies([this.server.pid]); }
  stop() { return this.server.stop(); }
}

export const shakehook = { name: 'shakehook', what: 'Shakehook', make: (folder) => new Shakehook(folder) };

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
  {
    name: 'river',
    what: 'River on PostgreSQL: contact, event and job in one transaction',
    binary: 'river',
    make: (folder, binary) => new River(folder, binary),
  },
  {
    name: 'webhookx',
    what: 'WebhookX, Redis with appendfsync always and PostgreSQL',
    binary: 'webhookx',
    make: (folder, binary) => new WebhookX(folder, binary),
  },
];
