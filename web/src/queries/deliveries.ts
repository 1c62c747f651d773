// Asks the server about deliveries, and names the keys under which the responses are kept.
import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api, call } from '@/api/client';
import type { Delivery, DeliveryStatus, EventType } from '@/api/schema';
import { early } from './early';

export interface DeliveryFilter {
  venue_id?: string;
  venues_group_id?: string;
  webhook_id?: string;
  status?: DeliveryStatus;
  event?: EventType;
  resource_id?: string;
  // "200", "5xx", or "none" for no answer.
  status_code?: string;
  // Unix ms.
  since?: number;
  until?: number;
}

export const deliveriesKey = ['deliveries'] as const;
const pageSize = 50;

const exportPage = 200;

// All that the filter finds, newest first, up to `max`; `onCount` hears how many there are so far.
export async function loadDeliveries(filter: DeliveryFilter, max: number, onCount?: (count: number) => void): Promise<Delivery[]> {
  const found: Delivery[] = [];
  for (let cursor: string | null = ''; cursor !== null && found.length < max;) {
    const query = { ...filter, limit: Math.min(exportPage, max - found.length), ...(cursor && { cursor }) };
    const page: { data: Delivery[]; next_cursor: string | null } = await call(api.GET('/api/deliveries', { params: { query } }));
    found.push(...page.data);
    onCount?.(found.length);
    cursor = page.next_cursor;
  }
  return found;
}

export function redeliver(id: string) {
  return call(api.POST('/api/deliveries/{id}/redeliver', { params: { path: { id } }, body: {} }));
}

export function useDeliveries(filter: DeliveryFilter, cursor: string | undefined) {
  const query = { ...filter, limit: pageSize, ...(cursor && { cursor }) };
  return useQuery({
    queryKey: [...deliveriesKey, filter, cursor],
    ...early('/api/deliveries', query, () => call(api.GET('/api/deliveries', { params: { query } }))),
    placeholderData: keepPreviousData,
  });
}

export function useDelivery(id: string) {
  return useQuery({
    queryKey: [...deliveriesKey, id],
    queryFn: () => call(api.GET('/api/deliveries/{id}', { params: { path: { id } } })),
    enabled: id !== '',
  });
}
