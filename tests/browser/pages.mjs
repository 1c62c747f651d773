// Every address of the dashboard, for what must hold on all of them. An address may be a function of what
// populated() made.
export const pages = [
  { name: 'getting-started', address: '/getting-started' },
  { name: 'integrations', address: '/settings/integrations' },
  { name: 'custom-fields', address: '/settings/fields' },
  { name: 'venues', address: '/settings/venues' },
  { name: 'users', address: '/settings/users' },
  { name: 'audit', address: '/settings/audit' },
  { name: 'account', address: '/account' },
  { name: 'not-found', address: '/nowhere' },
];

// A group with two venues, custom fields of every kind, a key: something to see on each page.
export async function populated(server) {
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
  return {};
}
