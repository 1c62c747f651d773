import { expect, it } from 'vitest';

import { firstPage, needsSession } from './first_page';

const areasOf = (address: string) => firstPage(address)?.areas;

it('a page is known by the address, in every place', () => {
  expect(firstPage('/')).toEqual({ page: 'home/HomePage', areas: ['home', 'health'], asks: ['/api/webhook-counts'] });
  expect(firstPage('/v/venue-000')?.page).toBe('home/HomePage');
  expect(firstPage('/g/group-00/')?.page).toBe('home/HomePage');
  expect(firstPage('/g/group-00/webhooks/new')?.page).toBe('webhooks/NewWebhookPage');
  expect(firstPage('/webhooks/new/abc')?.page).toBe('webhooks/MadeWebhookPage');
  expect(firstPage('/accounts/venue123/new')?.page).toBe('records/RecordPage');
  expect(areasOf('/settings/audit')).toEqual(['settings', 'audit']);
  expect(areasOf('/v/venue-000/settings/fields')).toEqual(['settings']);
  expect(firstPage('/nowhere')).toBeNull();
  expect(firstPage('/v/venue-000/contacts')?.asks).toEqual(['/api/contacts?venue_id=venue-000&sort=-created_at&limit=50']);
  expect(firstPage('/g/group-00/webhooks')?.asks).toEqual(['/api/webhooks?venues_group_id=group-00&sort=trouble&limit=50', '/api/webhook-counts?venues_group_id=group-00']);
  expect(firstPage('/v/venue-000/settings/integrations')?.asks).toEqual(['/api/api-keys?venue_id=venue-000&sort=name&limit=50', '/api/webhooks?venue_id=venue-000&sort=trouble&limit=50']);
  expect(firstPage('/contacts', '?q=zoe')?.asks).toEqual([]);
  expect(needsSession('/sign-in')).toBe(false);
  expect(needsSession('/settings/users')).toBe(true);
});

// An address of each route: `:id` stands for itself.
const routes = import.meta.glob<string>('../pages/*/routes.tsx', { query: '?raw', import: 'default', eager: true });

it('each route of the dashboard is known, with its module and texts that are there', () => {
  const texts = Object.keys(import.meta.glob('../texts/en/*.json')).map((path) => path.replace(/.*\/|\.json/g, ''));
  let found = 0;
  for (const [file, text] of Object.entries(routes)) {
    const folder = file.split('/')[2]!;
    for (const [line, , path = '', module = ''] of text.matchAll(/\{ (path: ['`]([^'`]*)['`]|index: true), lazy: .*import\('\.\/([^']+)'\)/g)) {
      for (const kind of line.includes('kind}') || text.includes('routesOf') ? ['contact', 'account'] : ['']) {
        const address = `/${path.replace('${kind}', kind)}`.replace('${base}', `${kind}s`);
        expect(firstPage(address)?.page, `${address} of ${file}`).toBe(`${folder}/${module}`);
        ++found;
      }
    }
  }
  expect(found).toBeGreaterThan(25);
  const areas = ['/', '/contacts', '/webhooks', '/webhooks/new', '/deliveries', '/events', '/venues/x', '/inboxes', '/account', '/settings/users', '/settings/audit', '/settings/notices', '/sign-in'].flatMap((path) => areasOf(path)!);
  expect(areas.filter((area) => !texts.includes(area))).toEqual([]);
});
