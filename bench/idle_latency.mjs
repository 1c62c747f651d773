// From the API's answer to the request at the receiver, one change at a time: what a user sees of an idle server.
// Both ends are in this process, so one clock measures both. Node's own delays are in the figure.
import http from 'node:http';

const [api, venue, key, countText] = process.argv.slice(2);
const count = Number(countText);
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const arrivals = new Map();
let waiting = null;

const receiver = http.createServer((request, response) => {
  const at = performance.now();
  let body = '';
  request.on('data', (piece) => (body += piece));
  request.on('end', () => {
    response.writeHead(204).end();
    const id = JSON.parse(body).data.id;
    arrivals.set(id, at);
    if (waiting?.id === id) waiting.resolve();
  });
});
await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));

function call(path, body) {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const request = http.request(
      api + path,
      {
        agent,
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
      },
      (response) => {
        const at = performance.now();
        let answer = '';
        response.on('data', (piece) => (answer += piece));
        response.on('end', () => resolve({ at, status: response.statusCode, json: JSON.parse(answer) }));
      },
    );
    request.on('error', reject);
    request.end(text);
  });
}

const webhook = await call('/api/webhooks', {
  name: 'Idle latency',
  url: `http://127.0.0.1:${receiver.address().port}/`,
  scope: { venue_id: venue },
  events: ['account.created'],
});
if (webhook.status !== 201) throw new Error(JSON.stringify(webhook.json));

const answers = [];
const deliveries = [];
for (let i = 0; i < count; i++) {
  const id = `idle-${process.pid}-${i}`;
  const arrived = new Promise((resolve) => (waiting = { id, resolve }));
  const start = performance.now();
  const answer = await call(`/api/venues/${venue}/accounts`, { id, name: 'Acme' });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.json));
  await arrived;
  answers.push(answer.at - start);
  // The request may reach the receiver before its sender has read the answer.
  deliveries.push(Math.max(0, arrivals.get(id) - answer.at));
  await new Promise((resolve) => setTimeout(resolve, 5));
}
const percentile = (values, p) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor((values.length * p) / 100))];
const line = (name, values) =>
  console.log(`${name.padEnd(34)} p50 ${percentile(values, 50).toFixed(2)} ms   p99 ${percentile(values, 99).toFixed(2)} ms   max ${Math.max(...values).toFixed(2)} ms`);
line('API answer, idle', answers);
line('API answer -> request at receiver', deliveries);
process.exit(0);
