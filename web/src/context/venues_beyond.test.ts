import { expect, it } from 'vitest';

import type { Venue } from '@/api/schema';
import { venuesBeyond } from './place';

const venue = (id: string, group: string | null) => ({ id, venues_group_id: group }) as Venue;
const venues = [venue('a', 'g'), venue('b', 'g'), venue('c', null)];

it('copies go to venues that the webhook does not hear of', () => {
  expect(venuesBeyond({ venue_id: 'a' }, venues).map(({ id }) => id)).toEqual(['b', 'c']);
  expect(venuesBeyond({ venues_group_id: 'g' }, venues).map(({ id }) => id)).toEqual(['c']);
  expect(venuesBeyond({ venue_id: 'a' }, [venues[0]!])).toEqual([]);
});
