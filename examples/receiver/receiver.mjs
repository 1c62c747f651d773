// A receiver to begin yours with: Node 18 or newer, nothing else. It checks the signature over the raw bytes, handles no
// delivery twice and nothing stale, and replaces its records, because a field that is absent has no value.
//
// usage: WEBHOOK_SECRET=whsec_... PORT=9001 node receiver.mjs
import { createHmac, timingSafeEqual } from 'node:crypto';
import http from 'node:http';

const secret = process.env.WEBHOOK_SECRET ?? '';
const port = Number(process.env.PORT ?? 9001);
const bodyBytesMax = 100 * 1024;

// Yours are tables of a database, changed in one transaction with what you do about the event.
const records = new Map();  // "contact venue123 contact-456" -> {timestamp, data}
const handledKeys = new Set();

function isSigned(body, signature) {
  const expected = createHmac('sha256', secret).update(body).digest('hex');
  return signature?.length === expected.length && timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
}

// Handles the event, and returns the result in a word.
function handle(key, { event, timestamp, venue_id, data }) {
  if (handledKeys.has(key)) return 'known';
  handledKeys.add(key);
  const [kind, verb] = event.split('.');
  const name = `${kind} ${venue_id} ${data.id}`;
  if (timestamp <= (records.get(name)?.timestamp ?? 0)) return 'stale';
  // A deleted one keeps its timestamp, so that an older event which comes late does not bring it back.
  records.set(name, { timestamp, data: verb === 'deleted' ? null : data });
  return verb;
}

function answer(response, status, text) { response.writeHead(status, { 'Content-Type': 'text/plain' }).end(text); }

const server = http.createServer((request, response) => {
  const pieces = [];
  let size = 0;
  request.on('data', (piece) => {
    size += piece.length;
    if (size <= bodyBytesMax) pieces.push(piece);
  });
  request.on('end', () => {
    if (request.method !== 'POST') return answer(response, 405, 'POST only');
    if (size > bodyBytesMax) return answer(response, 413, 'too large');
    const body = Buffer.concat(pieces);
    if (!isSigned(body, request.headers['bookingshake-signature'])) return answer(response, 401, 'wrong signature');
    // A test delivery is signed and answered like a real one, and changes nothing.
    if (request.headers['bookingshake-test']) return answer(response, 200, 'test');
    const payload = JSON.parse(body);
    const result = handle(request.headers['idempotency-key'], payload);
    console.log(`${payload.event} ${payload.venue_id} ${payload.data.id}: ${result}`);
    return answer(response, 200, result);
  });
});

if (!secret) {
  console.error('WEBHOOK_SECRET is not set: it is in the answer that made the webhook');
  process.exit(1);
}
server.listen(port, '127.0.0.1', () => console.log(`Receiving on http://127.0.0.1:${server.address().port}/`));
