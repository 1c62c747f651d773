import { describe, expect, it } from 'vitest';

import type { Venue, VenuesGroup } from '@/api/schema';
import { findPlace } from './place';

const group: VenuesGroup = { id: 'g', name: 'Group', created_at: 1, updated_at: 1 };
const venue = (id: string, venues_group_id: string | null): Venue => ({ id, name: id, venues_group_id, created_at: 1, updated_at: 1 });

describe('findPlace', () => {
  it('is the remembered venue or group', () => {
    expect(findPlace('venue:b', [venue('a', null), venue('b', null)], [])?.scope).toEqual({ venue_id: 'b' });
    expect(findPlace('group:g', [venue('a', 'g'), venue('b', null)], [group])).toMatchObject({
      kind: 'group',
      venues: [{ id: 'a' }],
      scope: { venues_group_id: 'g' },
    });
  });

  it('falls back to the first venue where the remembered one is gone', () => {
    expect(findPlace('venue:gone', [venue('a', null)], [])?.id).toBe('a');
    expect(findPlace('group:gone', [venue('a', null)], [])?.id).toBe('a');
  });

  it('is none without venues', () => {
    expect(findPlace(null, [], [])).toBeNull();
  });
});
