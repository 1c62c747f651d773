// A world of the size that an operator has: 200 venues in 40 groups, 610 webhooks, 30,000 contacts, 300 API keys, 60
// inboxes, 40 users, and receivers that work, fail, are slow, stay silent, or answer 401, 301, 410 and 429. The tests use it, and by itself it stays to be looked
// at:
//
//   node tests/browser/large_world.mjs        prints where to go and how to sign in
import { fileURLToPath } from 'node:url';

import { allEvents } from '../harness/api_client.mjs';
import { Receiver } from '../harness/receiver.mjs';

export const size = { venues: 200, groups: 40, webhooks: 610, contacts: 30_000, keys: 300, inboxes: 60, users: 40 };

const houses = ["L'Orangerie", 'Villa Opéra', 'Café Zoé', 'Le Petit Jardin', 'Château Noël', 'La Grange', 'Maison Éclair', 'Les Tilleuls', 'Le Quai', 'Salon Ambre'];
const towns = ['Paris', 'Lyon', 'Nantes', 'Lille', 'Nice', 'Reims', 'Dijon', 'Angers', 'Brest', 'Metz', 'Tours', 'Nîmes', 'Pau', 'Sète', 'Vichy', 'Arles', 'Albi', 'Caen', 'Laon', 'Gap'];
const firstNames = ['Zoé', 'Léa', 'Noah', 'Anaïs', 'Hugo', 'Chloé', 'François', 'Inès', 'Jules', 'Maëlle'];
const lastNames = ['Martin', 'Bernard', 'Dubois', 'Lefèvre', 'Moreau', 'Garçon', 'Roux', 'Élie', 'Faure', 'Noël'];
const systems = ['HubSpot sync', 'Brevo newsletter', 'Zapier', 'Billing'];
// How many of a hundred webhooks behave in each way; the others work.
const troubles = [['failing', 5], ['slow', 3], ['silent', 1], ['unauthorized', 2], ['moved', 2], ['gone', 1], ['busy', 2]];

const slowMs = 4_500;
const two = (number) => String(number).padStart(2, '0');

// The receivers, by how they behave.
async function receivers(test) {
  const answers = {
    well: 204,
    failing: { status: 500, body: '{"error":"database is down"}' },
    slow: () => new Promise((resolve) => { setTimeout(resolve, slowMs, 200).unref(); }),
    silent: () => new Promise(() => {}),
    unauthorized: { status: 401, body: '{"error":"bad signature"}' },
    moved: { status: 301, headers: { Location: 'https://crm.example.com/new-hook' } },
    gone: 410,
    busy: { status: 429, headers: { 'Retry-After': '120' } },
  };
  const all = {};
  for (const [name, answer] of Object.entries(answers)) all[name] = await Receiver.start(test, { answer, keeps: false });
  return all;
}

async function inTurns(items, width, each) {
  const left = [...items.entries()];
  await Promise.all(Array.from({ length: width }, async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await each(next[1], next[0]);
  }));
}

// Fills the server. `changes`: how many contacts of each venue change at the end, which sends deliveries.
export async function fillLargeWorld(test, server, { scale = 1, changes = 2 } = {}) {
  const { api } = server;
  const count = Object.fromEntries(Object.entries(size).map(([name, number]) => [name, Math.ceil(number * scale)]));
  const groups = Array.from({ length: count.groups }, (_, i) => ({ id: `group-${two(i)}`, name: `Maisons ${towns[i % towns.length]} ${Math.floor(i / towns.length) + 1}` }));
  const venues = Array.from({ length: count.venues }, (_, i) => ({
    id: `venue-${String(i).padStart(3, '0')}`,
    name: `${houses[i % houses.length]} · ${towns[Math.floor(i / houses.length) % towns.length]}`,
    ...(i % 10 === 9 ? {} : { venues_group_id: groups[i % groups.length].id }),
  }));
  for (const group of groups) await api.post('/api/venues-groups', group);
  await inTurns(venues, 8, (venue) => api.post('/api/venues', venue));

  const perVenue = Math.ceil(count.contacts / count.venues);
  await inTurns(venues, 4, (venue, v) => {
    const contacts = Array.from({ length: perVenue }, (_, i) => ({
      id: `guest-${i}`,
      first_name: firstNames[(v + i) % firstNames.length],
      last_name: lastNames[(v + 3 * i) % lastNames.length],
      email: `guest${v}.${i}@example.com`,
      phone: `+33 6 ${two(v % 100)} ${two(i % 100)} 56 78`,
      city: towns[i % towns.length],
    }));
    return api.post(`/api/venues/${venue.id}/contacts/batch`, contacts);
  });

  const all = await receivers(test);
  const kinds = troubles.flatMap(([kind, share]) => Array.from({ length: share }, () => kind));
  const webhooks = Array.from({ length: count.webhooks }, (_, i) => {
    // 37 and 100 have no common divisor: troubles are spread over venues.
    const kind = kinds[(i * 37) % 100] ?? 'well';
    const scope = i < groups.length ? { venues_group_id: groups[i].id } : { venue_id: venues[(i - groups.length) % venues.length].id };
    return { name: systems[i % systems.length], kind, scope, url: `http://127.0.0.1:${all[kind].port}/${kind}/${i}` };
  });
  await inTurns(webhooks, 8, async (webhook) => {
    const { id } = await api.post('/api/webhooks', { name: webhook.name, url: webhook.url, events: allEvents, scope: webhook.scope });
    webhook.id = id;
  });
  const scopeOf = (i) => ({ venue_id: venues[i % venues.length].id });
  const numbers = (length) => Array.from({ length }, (_, i) => i);
  await inTurns(numbers(count.keys), 8, (i) => api.post('/api/api-keys', { name: `${systems[i % systems.length]} ${i}`, scope: scopeOf(i), rights: ['read'] }));
  await inTurns(numbers(count.inboxes), 8, (i) => api.post('/api/inboxes', { name: `Test ${i}`, scope: scopeOf(i) }));
  for (const i of numbers(count.users)) {
    const [first, last] = [firstNames[i % firstNames.length], lastNames[Math.floor(i / firstNames.length) % lastNames.length]];
    await api.post('/api/users', { name: `${first} ${last}`, email: `user${i}@example.com`, role: i % 3 === 0 ? 'manager' : 'viewer', scope: scopeOf(i), password: 'correct horse battery' });
  }
  for (let i = 0; i < changes; ++i) {
    await inTurns(venues, 8, (venue) => api.patch(`/api/venues/${venue.id}/contacts/guest-${i}`, { title: `VIP ${i}` }));
  }
  return { groups, venues, webhooks, receivers: all };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { administrator, startDashboard } = await import('./dashboard.mjs');
  // Stands for a test that does not end before the process is told to.
  const ends = [];
  const holder = { after: (end) => ends.push(end), signal: new AbortController().signal };
  const server = await startDashboard(holder, { flags: { 'allow-target': '127.0.0.0/8', 'allow-http-targets': true } });
  const began = Date.now();
  await fillLargeWorld(holder, server, { scale: Number(process.env.SCALE ?? 1) });
  console.log(`${server.url}   ${administrator.email}   ${administrator.password}   (filled in ${Math.round((Date.now() - began) / 1000)} s)`);
  process.on('SIGINT', () => void Promise.all(ends.map((end) => end())).then(() => process.exit(0)));
}
