import { describe, expect, it } from 'vitest';

import type { Venue, VenuesGroup } from '@/api/schema';
import { findPlace } from './place';

const group: VenuesGroup = { id: 'g', name: 'Group', created_at: 1, updated_at: 1 };
const venue = (id: string, venues_group_id: string | null): Venue => ({ id, name: id, venues_group_id, created_at: 1, updated_at: 1 });
const venues = [venue('a', 'g'), venue('b', null)];

describe('findPlace', () => {
  it('is the venue or the group that the address names', () => {
    expect(findPlace({ kind: 'venue', id: 'b' }, venues, [group])?.scope).toEqual({ venue_id: 'b' });
    expect(findPlace({ kind: 'group', id: 'g' }, venues, [group])).toMatchObject({ kind: 'group', scope: { venues_group_id: 'g' }, venues: [{ id: 'a' }] });
  });
  it('is all where the address names none, and the venue where there is but one', () => {
    expect(findPlace(null, venues, [group])).toMatchObject({ kind: 'all', scope: null });
    expect(findPlace(null, [venue('a', null)], [])?.scope).toEqual({ venue_id: 'a' });
  });
  it('is none where the address names what does not exist: never another one', () => {
    expect(findPlace({ kind: 'venue', id: 'gone' }, venues, [group])).toBeNull();
    expect(findPlace({ kind: 'group', id: 'gone' }, venues, [group])).toBeNull();
    expect(findPlace(null, [], [])).toBeNull();
  });
});
