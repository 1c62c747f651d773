// What is asked of the server about deliveries, and under which keys it is kept.
import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api, call } from '@/api/client';
import type { DeliveryStatus, EventType } from '@/api/schema';

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

export function useDeliveries(filter: DeliveryFilter, cursor: string | undefined) {
  return useQuery({
    queryKey: [...deliveriesKey, filter, cursor],
    queryFn: () => call(api.GET('/api/deliveries', { params: { query: { ...filter, limit: pageSize, ...(cursor && { cursor }) } } })),
    placeholderData: keepPreviousData,
  });
}


export function useDelivery(id: string) {
  return useQuery({
    queryKey: [...deliveriesKey, id],
    queryFn: () => call(api.GET('/api/deliveries/{id}', { params: { path: { id } } })),
  });
}
