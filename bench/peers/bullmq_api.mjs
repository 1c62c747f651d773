// BullMQ's side of the API: a job for each delivery, in Redis when the contact is answered.
import { randomUUID } from 'node:crypto';
import { Queue } from 'bullmq';
import { contactCreated, serveContacts, webhookId } from './contact.mjs';

const queue = new Queue('deliveries', {
  // Commands of one turn of the event loop go out together.
  connection: { port: Number(process.env.REDIS_PORT), enableAutoPipelining: true },
  defaultJobOptions: { attempts: 11, backoff: { type: 'exponential', delay: 10_000 }, removeOnComplete: false },
});

serveContacts(Number(process.env.PORT), async (contact) => {
  const event = contactCreated(contact);
  await queue.add('deliver', { deliveryId: randomUUID(), webhookId, payload: event.payload });
  return event.contact;
});
