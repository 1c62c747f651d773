// BullMQ's worker. The attempt's record is the job's return value, which stays in Redis.
import { Worker } from 'bullmq';
import { send } from './contact.mjs';

new Worker('deliveries', (job) => send(job.data.deliveryId, job.data.payload), {
  connection: { port: Number(process.env.REDIS_PORT), enableAutoPipelining: true },
  concurrency: 200,  // its guide: 100 to 300 for work that waits for the network
});
