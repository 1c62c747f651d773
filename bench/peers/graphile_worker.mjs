// Graphile Worker, tuned as its documentation's "performance" page says: a local queue, results stored in batches.
import pg from 'pg';
import { Logger, run } from 'graphile-worker';
import { send } from './contact.mjs';

const pgPool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 20 });
const record = {
  name: 'record',
  text: `INSERT INTO attempt (delivery_id, event_id, webhook_id, number, started_at, duration_ms, status, signature, headers)
         VALUES ($1, $2, $3, $4, to_timestamp($5 / 1000.0), $6, $7, $8, $9)`,
};

await run({
  preset: {
    worker: {
      concurrentJobs: 100,
      maxPoolSize: 20,
      pollInterval: 1000,
      localQueue: { size: 500 },
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0,
    },
  },
  pgPool,
  logger: new Logger(() => () => {}),
  noHandleSignals: false,
  taskList: {
    async deliver({ deliveryId, eventId, webhookId, payload }, { job }) {
      const sent = await send(deliveryId, payload);
      await pgPool.query({
        ...record,
        values: [deliveryId, eventId, webhookId, job.attempts, sent.startedAt, sent.durationMs, sent.statusCode,
          sent.signature, JSON.stringify(sent.headers)],
      });
    },
  },
});
