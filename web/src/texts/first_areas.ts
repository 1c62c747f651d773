// The areas of texts that the page at an address begins with, so that they are loaded beside its code and not after it. An area that is
// missing here is loaded when the page asks for it.

const areas: Record<string, string[]> = {
  '': ['home', 'health'],
  contacts: ['records'],
  accounts: ['records'],
  webhooks: ['webhooks', 'health'],
  deliveries: ['deliveries'],
  events: ['events', 'deliveries'],
  venues: ['venues', 'health'],
  inboxes: ['inboxes'],
  account: ['access'],
  'getting-started': ['getting_started'],
  'settings/users': ['settings', 'users'],
  'settings/audit': ['settings', 'audit'],
  'settings/notices': ['notices'],
  settings: ['settings'],
};

export function firstAreas(pathname: string): string[] {
  const [page = '', below = ''] = pathname.replace(/^\/[vg]\/[^/]+/, '').split('/').slice(1);
  return areas[`${page}/${below}`] ?? areas[page] ?? [];
}
