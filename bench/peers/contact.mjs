// The common part of the peers, which their authors would write in the same way: a contact's event, its signature, and
// the request, sent on kept-alive connections.
import { createHmac, randomUUID } from 'node:crypto';
import http from 'node:http';
import { Agent } from 'undici';

const secret = process.env.WEBHOOK_SECRET;
const target = new URL(process.env.WEBHOOK_URL);

export const webhookId = randomUUID();

// The event's payload, as its own text: the bytes that are signed and sent.
export function contactCreated(contact) {
  const now = Date.now();
  const data = { id: randomUUID(), ...contact, created_at: now };
  return {
    id: randomUUID(),
    contact: data,
    payload: JSON.stringify({ event: 'contact.created', timestamp: now, venue_id: 'v0', venues_group_id: null, data }),
  };
}

// Validates as much as such a handler usually does.
function readContact(text) {
  const contact = JSON.parse(text);
  if (typeof contact.last_name !== 'string' || !contact.email?.includes('@')) throw new Error('not a contact');
  return contact;
}

// The API: POST a contact, answered with 201 once `create` has stored it.
export function serveContacts(port, create) {
  const server = http.createServer((request, response) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', async () => {
      try {
        const contact = await create(readContact(Buffer.concat(pieces).toString()));
        const body = JSON.stringify(contact);
        response.writeHead(201, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
        response.end(body);
      } catch (error) {
        console.error(error);
        response.writeHead(500, { 'Content-Length': 0 }).end();
      }
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(port, '127.0.0.1');
}

const agent = new Agent({ connections: 128, keepAliveTimeout: 4_000, headersTimeout: 5_000, bodyTimeout: 5_000 });

// One attempt. Answers its record; throws where the endpoint did not take it.
export async function send(deliveryId, payload) {
  const startedAt = Date.now();
  const signature = createHmac('sha256', secret).update(payload).digest('hex');
  const { statusCode, headers, body } = await agent.request({
    origin: target.origin,
    path: target.pathname,
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'User-Agent': 'Bookingshake-Webhooks/1.0',
      'Bookingshake-Signature': signature,
      'Idempotency-Key': deliveryId,
    },
    body: payload,
  });
  await body.dump();
  if (statusCode < 200 || statusCode > 299) throw new Error(`the endpoint answered ${statusCode}`);
  return { startedAt, durationMs: Date.now() - startedAt, statusCode, signature, headers };
}
