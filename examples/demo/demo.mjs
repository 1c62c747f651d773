// A lively server to look at: three venues with webhooks, a stream of accounts and contacts with custom fields of every
// type, and a receiver that checks every signature and now and then fails. What arrives is shown as it arrives.
//
// usage: node demo.mjs API ADMIN_KEY [SECONDS]
import { createHmac, timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import { firstNames, lastNames, companies, streets, towns, titles } from './names.mjs';

const [api, key, secondsText] = process.argv.slice(2);
const seconds = secondsText ? Number(secondsText) : Infinity;
const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);
const green = (text) => paint(32, text);
const red = (text) => paint(31, text);
const dim = (text) => paint(2, text);
const pick = (list) => list[Math.floor(Math.random() * list.length)];
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const counts = { sent: 0, received: 0, refused: 0, wrong: 0 };

async function call(method, path, body) {
  const response = await fetch(api + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok && response.status !== 409) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : {};
}

// --- The receiver: one for all webhooks, told apart by the path ---

const secrets = new Map();
const attempts = new Map();

function isSigned(path, body, signature) {
  const expected = createHmac('sha256', secrets.get(path) ?? '').update(body).digest('hex');
  return signature?.length === expected.length && timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
}

const receiver = http.createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    const body = Buffer.concat(pieces);
    const id = request.headers['idempotency-key'];
    const attempt = (attempts.get(id) ?? 0) + 1;
    attempts.set(id, attempt);
    const signed = isSigned(request.url, body, request.headers['bookingshake-signature']);
    const fails = attempt === 1 && Math.random() < 0.12;
    const status = !signed ? 401 : fails ? 500 : 200;
    response.writeHead(status).end();
    counts.received += 1;
    if (!signed) counts.wrong += 1;
    if (fails) counts.refused += 1;
    const { event, venue_id, data } = JSON.parse(body);
    const name = data.name ?? [data.first_name, data.last_name].filter(Boolean).join(' ');
    const verdict = status === 200 ? green('200') : red(String(status));
    const note = attempt > 1 ? dim(` attempt ${attempt}`) : fails ? dim(' will be tried again') : '';
    console.log(
      `${dim(new Date().toISOString().slice(11, 23))}  ${verdict}  ${event.padEnd(16)} ${venue_id.padEnd(14)} ` +
        `${request.url.slice(1).padEnd(12)} ${signed ? 'signature ok' : red('WRONG SIGNATURE')}  ${name || data.id}${note}`,
    );
  });
});

// --- The venues and their webhooks ---

const events = ['account', 'contact'].flatMap((kind) => ['created', 'updated', 'deleted'].map((verb) => `${kind}.${verb}`));
const fields = {};

async function defineField(scope, label, type, data) {
  const field = await call('POST', '/api/fields', { ...scope, collection: 'clients', label, type, ...(data && { data }) });
  return field.code;
}

async function addWebhook(path, scope, settings = {}) {
  const url = `http://127.0.0.1:${receiver.address().port}/${path}`;
  const webhook = await call('POST', '/api/webhooks', { name: path, url, scope, events, ...settings });
  secrets.set(`/${path}`, webhook.secret);
}

async function setUp() {
  await call('POST', '/api/venues-groups', { id: 'rive-gauche', name: 'Maisons Rive Gauche' });
  await call('POST', '/api/venues', { id: 'grand-salon', name: 'Le Grand Salon', venues_group_id: 'rive-gauche' });
  await call('POST', '/api/venues', { id: 'orangerie', name: "L'Orangerie", venues_group_id: 'rive-gauche' });
  await call('POST', '/api/venues', { id: 'thames-loft', name: 'Thames Loft' });
  const group = { venues_group_id: 'rive-gauche' };
  const options = (...labels) => labels.map((label, value) => ({ label, value }));
  fields.segment = await defineField(group, 'Segment', 'select', options('Corporate', 'Wedding', 'Press'));
  fields.rooms = await defineField(group, 'Rooms', 'multiselect', options('Salon', 'Terrace', 'Cellar'));
  fields.guests = await defineField(group, 'Usual number of guests', 'number');
  fields.since = await defineField(group, 'Client since', 'date');
  fields.note = await defineField(group, 'Note', 'text');
  fields.billing = await defineField(group, 'Billing', 'object');
  await addWebhook('group-crm', group);
  await addWebhook('salon-mails', { venue_id: 'grand-salon' }, { standard_headers: true });
  await addWebhook('loft-sync', { venue_id: 'thames-loft' }, { ordering: 'strict' });
}

// --- The stream ---

const known = { 'grand-salon': [], orangerie: [], 'thames-loft': [] };

function customValues(venue) {
  if (venue === 'thames-loft') return {};
  return {
    [fields.segment]: Math.floor(Math.random() * 3),
    [fields.rooms]: [0, 1, 2].filter(() => Math.random() < 0.5),
    [fields.guests]: 20 + Math.floor(Math.random() * 180),
    [fields.since]: `20${10 + Math.floor(Math.random() * 15)}-0${1 + Math.floor(Math.random() * 9)}-15`,
    [fields.note]: pick(['Prefers the terrace', 'Vegetarian menu', 'Rappeler lundi', 'VIP']),
    [fields.billing]: { currency: 'EUR', discount: 0.1 },
  };
}

function newContact(venue, account) {
  const first = pick(firstNames);
  const last = pick(lastNames);
  const plain = `${first}.${last}`.normalize('NFD').replace(/[^A-Za-z.]/g, '').toLowerCase();
  const town = pick(towns);
  return {
    first_name: first,
    last_name: last,
    email: `${plain}@example.com`,
    phone: `+336${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`,
    title: pick(titles),
    ...(account && { account_id: account }),
    optin_marketing: Math.random() < 0.5,
    address_line_1: `${1 + Math.floor(Math.random() * 90)} ${pick(streets)}`,
    ...town,
    ...customValues(venue),
  };
}

async function changeSomething() {
  const venue = pick(Object.keys(known));
  const base = `/api/venues/${venue}`;
  const existing = known[venue];
  const chance = Math.random();
  if (existing.length < 3 || chance < 0.35) {
    const accounts = existing.filter((one) => one.path === 'accounts');
    const contact = await call('POST', `${base}/contacts`, newContact(venue, accounts.length ? pick(accounts).id : null));
    existing.push({ path: 'contacts', id: contact.id });
  } else if (chance < 0.5) {
    const account = await call('POST', `${base}/accounts`, { name: pick(companies), ...pick(towns) });
    existing.push({ path: 'accounts', id: account.id });
  } else if (chance < 0.9) {
    const one = pick(existing);
    await call('PATCH', `${base}/${one.path}/${one.id}`, { ...pick(towns), address_line_1: `${Math.floor(Math.random() * 99)} ${pick(streets)}` });
  } else {
    const [one] = existing.splice(Math.floor(Math.random() * existing.length), 1);
    await call('DELETE', `${base}/${one.path}/${one.id}`);
  }
  counts.sent += 1;
}

await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));
await setUp();
console.log('Two venues in one group and one alone; three webhooks; every eighth first attempt or so is refused.');
console.log(`Look at ${api}/docs for the API. Ctrl-C ends it.\n`);
const end = Date.now() + seconds * 1000;
let stopped = false;
process.on('SIGINT', () => (stopped = true));
process.on('SIGTERM', () => (stopped = true));
while (!stopped && Date.now() < end) {
  await changeSomething();
  await wait(100 + Math.random() * 400);
}
// Requests that were refused last come again after a second or two.
if (!stopped) await wait(4000);
console.log(
  `\n${counts.sent} changes, ${counts.received} requests received, ${counts.refused} refused and sent again, ` +
    `${counts.wrong} with a wrong signature`,
);
process.exit(counts.wrong === 0 ? 0 : 1);
