import { describe, expect, it } from 'vitest';

import { inPlace, linkFrom, placeOfPath, withoutPlace } from './place_path';

describe('the place of an address', () => {
  it('is a venue, a group, or all', () => {
    expect(placeOfPath('/v/venue123/contacts')).toEqual({ kind: 'venue', id: 'venue123' });
    expect(placeOfPath('/g/a.b')).toEqual({ kind: 'group', id: 'a.b' });
    expect(placeOfPath('/webhooks/x')).toBeNull();
    expect(placeOfPath('/venues')).toBeNull();
    expect(placeOfPath('/v/%E0%A4%A/x')).toBeNull();
  });
  it('is carried by links', () => {
    expect(linkFrom('/v/a/contacts', '/webhooks/1?tab=secret')).toBe('/v/a/webhooks/1?tab=secret');
    expect(linkFrom('/contacts', '/webhooks')).toBe('/webhooks');
    expect(linkFrom('/g/b/webhooks', '/')).toBe('/g/b');
    expect(linkFrom('/g/b/webhooks', '/v/a/contacts')).toBe('/v/a/contacts');
    expect(linkFrom('/v/a/webhooks', '/docs')).toBe('/docs');
    expect(linkFrom('/v/a/webhooks', '/inboxes')).toBe('/v/a/inboxes');
  });
  it('changes on lists and forms; from one record to its list', () => {
    const b = { kind: 'venue' as const, id: 'b' };
    expect(inPlace('/v/a/contacts', b)).toBe('/v/b/contacts');
    expect(inPlace('/v/a/contacts/a/42', b)).toBe('/v/b/contacts');
    expect(inPlace('/contacts/new', b)).toBe('/v/b/contacts/new');
    expect(inPlace('/v/a/settings/fields', null)).toBe('/settings/fields');
    expect(inPlace('/v/a/contact-imports/7', b)).toBe('/v/b/contacts');
    expect(withoutPlace('/v/a')).toBe('/');
  });
});
