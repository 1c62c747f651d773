// Graphile Worker's side of the API: contact, event and job in one statement, so in one transaction.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { contactCreated, serveContacts, webhookId } from './contact.mjs';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 20 });
const create = {
  name: 'create',
  text: `WITH c AS (INSERT INTO contact VALUES ($1, $2)),
              e AS (INSERT INTO event (id, contact_id, payload) VALUES ($3, $1, $4))
         SELECT graphile_worker.add_job('deliver', $5, max_attempts => 11)`,
};

serveContacts(Number(process.env.PORT), async (contact) => {
  const event = contactCreated(contact);
  const job = { deliveryId: randomUUID(), eventId: event.id, webhookId, payload: event.payload };
  await pool.query({
    ...create,
    values: [event.contact.id, JSON.stringify(event.contact), event.id, event.payload, JSON.stringify(job)],
  });
  return event.contact;
});
