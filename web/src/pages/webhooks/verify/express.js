// npm install express
import { createHmac, timingSafeEqual } from 'node:crypto';
import express from 'express';

const secret = process.env.WEBHOOK_SECRET; // whsec_…, the whole text
const app = express();

// The signature is made over the bytes as they came: do not parse the body before.
app.post('/webhooks/bookingshake', express.raw({ type: 'application/json' }), (request, response) => {
  const expected = createHmac('sha256', secret).update(request.body).digest('hex');
  const given = request.get('Bookingshake-Signature') ?? '';
  const right = given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
  if (!right) return response.sendStatus(401);

  response.sendStatus(204); // answer first: 5 seconds are all there is
  const event = JSON.parse(request.body);
  // The same delivery may come twice: remember its Idempotency-Key.
  console.log(request.get('Idempotency-Key'), event.event, event.data.id);
});

app.listen(process.env.PORT ?? 3000);
