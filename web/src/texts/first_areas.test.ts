import { expect, it } from 'vitest';

import { firstAreas } from './first_areas';

it('texts are known by the address, in every place', () => {
  expect(firstAreas('/')).toEqual(['home', 'health']);
  expect(firstAreas('/v/venue-000')).toEqual(['home', 'health']);
  expect(firstAreas('/g/group-00/webhooks/new')).toEqual(['webhooks', 'health']);
  expect(firstAreas('/settings/audit')).toEqual(['settings', 'audit']);
  expect(firstAreas('/v/venue-000/settings/fields')).toEqual(['settings']);
  expect(firstAreas('/nowhere')).toEqual([]);
});

it('each of them is there', () => {
  const files = Object.keys(import.meta.glob('./en/*.json')).map((path) => path.replace(/.*\/|\.json/g, ''));
  const paths = ['/', '/contacts', '/accounts', '/webhooks', '/deliveries', '/events', '/venues/x', '/inboxes', '/account', '/getting-started', '/settings/users', '/settings/audit', '/settings/notices', '/settings/venues'];
  expect(paths.flatMap(firstAreas).filter((area) => !files.includes(area))).toEqual([]);
  expect(paths.filter((path) => firstAreas(path).length === 0)).toEqual([]);
});
