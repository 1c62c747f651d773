// The deliveries of an event, and why a webhook of its venue was owed none.
import { useQuery } from '@tanstack/react-query';

import { api, call } from '@/api/client';
import type { Delivery, Event, Webhook } from '@/api/schema';
import { deliveriesKey, loadDeliveries } from '@/queries/deliveries';
import type { EventFilter } from '@/queries/events';

// An event has at most one delivery for a webhook, and a venue and its group 200 webhooks.
const pageSize = 200;
// They become owed when the event is stored, which may be a little later than its own time; one that was published may
// have a time of its own, so that all of the record are looked through where the near ones are none.
const slackMs = 60_000;
const nearMax = 400;

async function load(event: Pick<Event, 'id' | 'venue_id' | 'resource_id' | 'event' | 'timestamp'>): Promise<Delivery[]> {
  const query = { venue_id: event.venue_id, resource_id: event.resource_id, event: event.event, limit: pageSize };
  const mine = (found: Delivery[]) => found.filter(({ event_id: id }) => id === event.id);
  const near = await call(api.GET('/api/deliveries', { params: { query: { ...query, since: Math.max(0, event.timestamp - slackMs), until: event.timestamp + slackMs } } }));
  if (mine(near.data).length > 0) return mine(near.data);
  return mine((await call(api.GET('/api/deliveries', { params: { query } }))).data);
}

export function useEventDeliveries(event: Event | undefined) {
  return useQuery({
    queryKey: [...deliveriesKey, 'of-event', event?.id],
    queryFn: () => load(event!),
    enabled: event !== undefined,
    refetchInterval: (query) => (query.state.data?.some(({ status }) => status === 'pending') ? 5_000 : false),
  });
}

// For a page of events at once: the deliveries that became owed around their times, by event. What it does not have is
// asked for by the event.
export function useDeliveriesNear(place: EventFilter, events: Event[]) {
  const times = events.map(({ timestamp }) => timestamp);
  const [since, until] = [Math.max(0, Math.min(...times) - slackMs), Math.max(...times) + slackMs];
  return useQuery({
    queryKey: [...deliveriesKey, 'near', place, since, until],
    queryFn: async () => {
      const found = new Map<string, Delivery[]>();
      for (const delivery of await loadDeliveries({ ...place, since, until }, nearMax)) {
        found.set(delivery.event_id, [...(found.get(delivery.event_id) ?? []), delivery]);
      }
      return found;
    },
    enabled: events.length > 0,
  });
}

export type NotOwed = 'other_events' | 'made_later' | 'discarded';

// Webhooks of the venue and its group that the event has no delivery for, and why. What was of a webhook that is deleted
// since cannot be told.
export function notOwedTo(event: Event, webhooks: Webhook[], deliveries: Delivery[]): { webhook: Webhook; why: NotOwed }[] {
  const owed = new Set(deliveries.map(({ webhook_id: id }) => id));
  return webhooks
    .filter(({ id }) => !owed.has(id))
    .map((webhook) => ({
      webhook,
      why: webhook.created_at > event.timestamp ? 'made_later' : !webhook.events.includes(event.event) ? 'other_events' : 'discarded',
    }));
}
