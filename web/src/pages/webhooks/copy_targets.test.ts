import { expect, it } from 'vitest';

import type { Venue } from '@/api/schema';
import { copyTargets } from './copy_targets';

const venue = (id: string, group: string | null) => ({ id, venues_group_id: group }) as Venue;
const venues = [venue('a', 'g'), venue('b', 'g'), venue('c', null)];

it('copies go to venues that the webhook does not hear of', () => {
  expect(copyTargets({ scope: { venue_id: 'a' } }, venues).map(({ id }) => id)).toEqual(['b', 'c']);
  expect(copyTargets({ scope: { venues_group_id: 'g' } }, venues).map(({ id }) => id)).toEqual(['c']);
  expect(copyTargets({ scope: { venue_id: 'a' } }, [venues[0]!])).toEqual([]);
});
