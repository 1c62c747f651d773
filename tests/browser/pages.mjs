// Every address of the dashboard, for what must hold on all of them, and something to see on each. An address may be a
// function of what populated() made.
import { eventually } from '../harness/eventually.mjs';
import { allEvents } from '../harness/api_client.mjs';
import { Receiver } from '../harness/receiver.mjs';

export const pages = [
  { name: 'home', address: '/' },
  { name: 'getting-started', address: '/getting-started' },
  { name: 'contacts', address: '/contacts' },
  { name: 'contact-new', address: '/v/venue123/contacts/new' },
  { name: 'contact-import', address: '/v/venue123/contacts/import' },
  { name: 'contact', address: '/contacts/venue123/contact-456' },
  { name: 'accounts', address: '/accounts' },
  { name: 'account-record', address: '/accounts/venue123/account-123' },
  { name: 'webhooks', address: '/webhooks' },
  { name: 'webhook-new', address: '/webhooks/new' },
  { name: 'webhook', address: ({ webhook }) => `/webhooks/${webhook.id}` },
  { name: 'webhook-failing', address: ({ failing }) => `/webhooks/${failing.id}` },
  { name: 'inboxes', address: '/inboxes' },
  { name: 'deliveries', address: '/deliveries' },
  { name: 'delivery', address: ({ delivered }) => `/deliveries/${delivered.id}` },
  { name: 'delivery-failed', address: ({ failed }) => `/deliveries/${failed.id}` },
  { name: 'delivery-beside', address: ({ failed }) => `/deliveries?delivery=${failed.id}` },
  { name: 'events', address: '/events' },
  { name: 'event', address: ({ delivered }) => `/events/${delivered.event_id}` },
  { name: 'venue', address: '/venues/venue123' },
  { name: 'integrations', address: '/settings/integrations' },
  { name: 'custom-fields', address: '/v/venue123/settings/fields' },
  { name: 'venues', address: '/settings/venues' },
  { name: 'users', address: '/settings/users' },
  { name: 'audit', address: '/settings/audit' },
  { name: 'notices', address: '/settings/notices' },
  { name: 'account', address: '/account' },
  { name: 'not-found', address: '/nowhere' },
];

// A group with two venues, custom fields of every kind, a key, records, a webhook that works and one that fails.
export async function populated(test, server) {
  const { api } = server;
  await api.post('/api/venues-groups', { id: 'group456', name: 'Maisons de Paris' });
  await api.venue('venue123', { venues_group_id: 'group456' });
  await api.venue('venue124', { name: 'Le Petit Jardin', venues_group_id: 'group456' });
  const field = (label, type, more = {}) => api.post('/api/fields', { collection: 'clients', venue_id: 'venue123', label, type, ...more });
  await field('Allergies', 'text');
  await field('Budget', 'number', { isRequiredInBO: true });
  await field('Birthday', 'date');
  await field('Status', 'select', { data: [{ label: 'VIP', value: 'vip' }, { label: 'Regular', value: 'regular' }] });
  await field('Interests', 'multiselect', { data: [{ label: 'Wine', value: 0 }, { label: 'Music', value: 1 }] });
  await field('Preferences', 'object');
  await api.post('/api/api-keys', { name: 'CRM import', scope: { venue_id: 'venue123' }, rights: ['read', 'write'] });

  const receiver = await Receiver.start(test);
  const broken = await Receiver.start(test, { answer: { status: 500, headers: { 'Content-Type': 'text/html' }, body: '<h1>It broke</h1><script>alert(1)</script>' } });
  const webhook = await api.webhook(receiver.url);
  const failing = await api.webhook(broken.url, { name: 'Newsletter', events: allEvents.filter((event) => event.startsWith('contact')) });
  await api.account({ id: 'account-123', name: 'Acme Corp', legal_name: 'ACME CORPORATION SAS', city: 'Paris', country: 'France' });
  await api.contact({ id: 'contact-456', first_name: 'John', last_name: 'Doe', email: 'john.doe@example.com', phone: '+33612345678', account_id: 'account-123', optin_marketing: true });
  for (const [index, name] of ['Zoé', 'Léa', 'Noah', 'Ömer', 'Ana'].entries()) {
    await api.contact({ first_name: name, last_name: 'Martin', email: `guest${index}@example.com`, city: 'Lyon' });
  }
  const first = (webhookId, status) => eventually(
    async () => (await api.deliveries(`webhook_id=${webhookId}&status=${status}`)).at(-1), `${status} delivery`);
  return { webhook, failing, delivered: await first(webhook.id, 'delivered'), failed: await first(failing.id, 'failed') };
}
