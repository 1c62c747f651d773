import type { Venue, Webhook } from '@/api/schema';

// Returns the venues whose changes the webhook does not hear of yet.
export function copyTargets({ scope }: Pick<Webhook, 'scope'>, venues: Venue[]): Venue[] {
  return venues.filter(({ id, venues_group_id: group }) => ('venue_id' in scope ? scope.venue_id !== id : scope.venues_group_id !== group));
}
