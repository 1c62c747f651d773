// The text by which a chooser names a webhook.
import type { Webhook } from '@/api/schema';
import { usePlaces } from '@/context/place';

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}

// "HubSpot sync · Villa Opéra · api.hubspot.com": many have the same name.
export function useWebhookLabel() {
  const { venues, groups } = usePlaces();
  return ({ name, scope, url }: Pick<Webhook, 'name' | 'scope' | 'url'>): string => {
    const where = 'venue_id' in scope ? venues.find(({ id }) => id === scope.venue_id) : groups.find(({ id }) => id === scope.venues_group_id);
    return [name, where?.name, hostOf(url)].filter(Boolean).join(' · ');
  };
}
