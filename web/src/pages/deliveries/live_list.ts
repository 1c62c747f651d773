// The list as it happens: what is shown is kept up to date from the stream's own data; what is new is fetched, at most
// once a second, and while the reader is at the rows it is only counted, so that nothing moves under the pointer.
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';

import type { Delivery } from '@/api/schema';
import { useStream } from '@/api/stream';
import { useSeldom } from '@/parts/seldom';
import { deliveriesKey, type DeliveryFilter } from '@/queries/deliveries';

interface Page {
  data: Delivery[];
  next_cursor: string | null;
}

// Returns whether a list with this filter has the delivery. `venues`: those of the group that the filter names.
export function fits(delivery: Delivery, filter: DeliveryFilter, venues: ReadonlySet<string>): boolean {
  const code = delivery.last_attempt?.status_code ?? null;
  const wanted = filter.status_code;
  return (
    (filter.webhook_id === undefined || filter.webhook_id === delivery.webhook_id) &&
    (filter.status === undefined || filter.status === delivery.status) &&
    (filter.event === undefined || filter.event === delivery.event) &&
    (filter.resource_id === undefined || filter.resource_id === delivery.resource_id) &&
    (filter.venue_id === undefined || filter.venue_id === delivery.venue_id) &&
    (filter.venues_group_id === undefined || venues.has(delivery.venue_id)) &&
    (filter.since === undefined || delivery.created_at >= filter.since) &&
    (filter.until === undefined || delivery.created_at < filter.until) &&
    (wanted === undefined || (wanted === 'none' ? delivery.attempt_count > 0 && code === null : wanted.endsWith('xx') ? code !== null && String(code)[0] === wanted[0] : String(code) === wanted))
  );
}

interface LiveOptions {
  enabled: boolean;
  filter: DeliveryFilter;
  venues: ReadonlySet<string>;
  shown: Delivery[];
  // True while the reader is at the rows.
  isBusy: () => boolean;
}

export function useLiveList({ enabled, filter, venues, shown, isBusy }: LiveOptions) {
  const client = useQueryClient();
  const waiting = useRef(new Set<string>());
  const changed = useRef(new Map<string, Delivery>());
  const [count, setCount] = useState(0);
  const listKey = [...deliveriesKey, filter, undefined];
  const show = () => {
    waiting.current.clear();
    setCount(0);
    return client.invalidateQueries({ queryKey: listKey });
  };
  const tick = useSeldom(() => {
    if (changed.current.size > 0) {
      const now = changed.current;
      changed.current = new Map();
      client.setQueryData<Page>(listKey, (page) => page && { ...page, data: page.data.map((each) => now.get(each.id) ?? each) });
    }
    if (waiting.current.size === 0) return undefined;
    if (!isBusy()) return show();
    setCount(waiting.current.size);
    return undefined;
  });
  const take = (delivery: Delivery) => {
    if (shown.some(({ id }) => id === delivery.id)) changed.current.set(delivery.id, delivery);
    else if (fits(delivery, filter, venues) && delivery.created_at >= (shown[0]?.created_at ?? 0)) waiting.current.add(delivery.id);
    else return;
    tick();
  };
  useStream({ onDelivery: take, onAttempt: take, onGap: () => void show() }, enabled);
  return { count, show: () => void show() };
}
