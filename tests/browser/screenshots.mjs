// Pictures of the dashboard: fills a small world, and photographs it.
//
//   node tests/browser/screenshots.mjs          the main pages, into docs/screenshots
//   node tests/browser/screenshots.mjs --all    every page on a phone, a laptop and a wide screen, light and dark, in English
//                                               and French, into build/screenshots, to be looked at;
//                                               --only=home,audit --sizes=phone --looks=light-en,dark-fr some of them
import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import { allEvents } from '../harness/api_client.mjs';
import { eventually } from '../harness/eventually.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { root } from '../harness/shakehook.mjs';
import { administrator, closeBrowser, open, openPage, startDashboard } from './dashboard.mjs';
import { pages } from './pages.mjs';

const all = process.argv.includes('--all');
const listed = (name) => process.argv.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3).split(',');
const only = listed('only');
const folder = path.join(root, all ? 'build/screenshots/all' : 'docs/screenshots');

const sizes = { phone: { width: 390, height: 844 }, laptop: { width: 1280, height: 800 }, wide: { width: 1920, height: 1080 } };

// The README and the docs show these.
const main = [
  { name: 'home', address: '/' },
  { name: 'webhooks', address: '/webhooks' },
  { name: 'webhook', address: ({ working }) => `/webhooks/${working.id}` },
  { name: 'incident', address: ({ failing }) => `/webhooks/${failing.id}` },
  { name: 'deliveries', address: ({ failed }) => `/deliveries?delivery=${failed.id}`, scheme: 'dark' },
  { name: 'delivery', address: ({ waiting }) => `/deliveries/${waiting.id}` },
  { name: 'event', address: ({ event }) => `/events/${event.id}` },
  { name: 'venue', address: '/venues/orangerie' },
  { name: 'contacts', address: '/contacts' },
  { name: 'getting_started', address: '/getting-started' },
];
const onPhone = [{ name: 'phone_home', address: '/' }, { name: 'phone_deliveries', address: '/deliveries', scheme: 'dark' }];

const guests = [['Zoé', 'Martin'], ['Léa', 'Bernard'], ['Noah', 'Dubois'], ['Anaïs', 'Lefèvre'], ['Hugo', 'Moreau'], ['Chloé', 'Garçon'], ['François', 'Roux'], ['Inès', 'Élie'], ['Jules', 'Faure'], ['Maëlle', 'Noël']];

// Two groups of venues, a webhook that works, one that fails, one that is slow to answer, one that was never used.
async function fill(holder, server) {
  const { api } = server;
  for (const [id, name] of [['paris', 'Maisons de Paris'], ['lyon', 'Tables de Lyon']]) await api.post('/api/venues-groups', { id, name });
  const venues = [['orangerie', 'L’Orangerie', 'paris'], ['opera', 'Villa Opéra', 'paris'], ['quai', 'Le Quai', 'lyon'], ['jardin', 'Le Petit Jardin', 'lyon'], ['grange', 'La Grange', undefined]];
  for (const [id, name, group] of venues) await api.post('/api/venues', { id, name, ...(group && { venues_group_id: group }) });
  await api.post('/api/fields', { collection: 'clients', venue_id: 'orangerie', label: 'Allergies', type: 'text' });
  const budget = await api.post('/api/fields', { collection: 'clients', venue_id: 'orangerie', label: 'Budget', type: 'number' });
  await api.post('/api/api-keys', { name: 'CRM import', scope: { venue_id: 'orangerie' }, rights: ['read', 'write'] });
  const receivers = {
    working: await Receiver.start(holder, { answer: () => new Promise((resolve) => { setTimeout(resolve, 20 + 80 * Math.random(), 204); }) }),
    failing: await Receiver.start(holder, { answer: { status: 500, headers: { 'Content-Type': 'application/json' }, body: '{"error":"database is down"}' } }),
    unauthorized: await Receiver.start(holder, { answer: { status: 401, body: '{"error":"bad signature"}' } }),
  };
  const make = (name, receiver, scope, events = allEvents) => api.post('/api/webhooks', { name, url: `http://127.0.0.1:${receiver.port}/hooks/${name.split(' ')[0].toLowerCase()}`, scope, events });
  const working = await make('HubSpot sync', receivers.working, { venue_id: 'orangerie' });
  const failing = await make('Brevo newsletter', receivers.failing, { venue_id: 'orangerie' }, allEvents.filter((each) => each.startsWith('contact')));
  await make('Zapier', receivers.working, { venues_group_id: 'paris' });
  await make('Billing', receivers.unauthorized, { venue_id: 'quai' });
  await make('Data warehouse', receivers.working, { venues_group_id: 'lyon' });
  await make('Seating plan', receivers.working, { venue_id: 'grange' });
  await api.post('/api/venues/orangerie/accounts', { id: 'acme', name: 'Acme Corp', legal_name: 'ACME CORPORATION SAS', city: 'Paris', country: 'France' });
  for (const [index, [first_name, last_name]] of guests.entries()) {
    for (const venue of ['orangerie', 'opera', 'quai']) {
      await api.post(`/api/venues/${venue}/contacts`, {
        id: `guest-${index}`, first_name, last_name, email: `${first_name}.${last_name}@example.com`.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase(),
        phone: `+33 6 12 34 5${index} 78`, city: 'Paris', ...(venue === 'orangerie' && index === 0 && { account_id: 'acme' }),
      });
    }
  }
  for (const index of [0, 3, 5]) await api.patch(`/api/venues/orangerie/contacts/guest-${index}`, { title: 'VIP', [budget.code]: 1200 });
  const found = (query) => eventually(async () => (await api.deliveries(query))[0], query, 20_000);
  await found(`webhook_id=${working.id}&status=delivered`);
  const waiting = await eventually(async () => (await api.deliveries(`webhook_id=${failing.id}&status=pending`)).find(({ attempt_count: count }) => count >= 3), 'a delivery that was tried three times', 40_000);
  const delivered = await found(`webhook_id=${working.id}&status=delivered`);
  return { webhook: working, working, failing, delivered, failed: waiting, waiting, event: { id: delivered.event_id } };
}

async function photograph(holder, server, made, wanted, { size, scheme, language, suffix = '' }) {
  const page = await openPage(holder, server, { language, scheme, phone: size === 'phone' });
  await page.setViewportSize(sizes[size]);
  for (const { name, address, scheme: own } of wanted) {
    await page.emulateMedia({ colorScheme: all ? scheme : (own ?? scheme), reducedMotion: 'reduce' });
    await open(page, typeof address === 'function' ? address(made) : address);
    await page.waitForTimeout(700);
    await page.screenshot({ path: path.join(folder, `${name}${suffix}.png`), fullPage: all, timeout: 60_000 });
  }
  await page.context().close();
}

const ends = [];
const holder = { after: (end) => ends.push(end), signal: new AbortController().signal };
await mkdir(folder, { recursive: true });
const server = await startDashboard(holder, { flags: { 'allow-target': '127.0.0.0/8', 'allow-http-targets': true, 'retry-base': all ? '1s' : '2s' } });
const made = await fill(holder, server);
const chosen = (list) => (only === undefined ? list : list.filter(({ name }) => only.includes(name)));
if (all) {
  const every = [...pages.filter(({ name }) => !name.startsWith('contact') && !name.startsWith('account-') && name !== 'custom-fields'), ...main,
    { name: 'contact', address: '/contacts/orangerie/guest-0' }, { name: 'contact-new', address: '/v/orangerie/contacts/new' }, { name: 'contact-import', address: '/v/orangerie/contacts/import' }, { name: 'custom-fields', address: '/v/orangerie/settings/fields' }];
  for (const size of listed('sizes') ?? Object.keys(sizes)) {
    for (const [scheme, language] of [['light', 'en-GB'], ['dark', 'en-GB'], ['light', 'fr-FR'], ['dark', 'fr-FR']]) {
      if (listed('looks')?.includes(`${scheme}-${language.slice(0, 2)}`) === false) continue;
      await photograph(holder, server, made, chosen(every), { size, scheme, language, suffix: `-${size}-${scheme}-${language.slice(0, 2)}` });
    }
  }
} else {
  await photograph(holder, server, made, chosen(main), { size: 'laptop', scheme: 'light', language: 'en-GB' });
  await photograph(holder, server, made, chosen(onPhone), { size: 'phone', scheme: 'light', language: 'fr-FR' });
}
console.log(`${server.url} as ${administrator.email}: ${folder}`);
for (const end of ends.reverse()) await Promise.resolve(end()).catch((error) => console.error(String(error)));
await closeBrowser();
process.exit(0);
