// Asks the server for the inbox pages.
import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api, call } from '@/api/client';
import { early } from './early';
import type { PlaceScope } from './venues';

const refreshMs = 2_000;
const requestsShownMax = 50;

export const inboxesKey = ['inboxes'] as const;

export const inboxSorts = ['-created_at', 'created_at', 'name', '-name'] as const;

interface InboxQuery {
  sort: (typeof inboxSorts)[number];
  limit: number;
  q?: string;
  cursor?: string;
}

export function useInboxPage(place: PlaceScope | null, query: InboxQuery) {
  const whole = { ...place, ...query };
  return useQuery({
    queryKey: [...inboxesKey, 'page', place, query],
    ...early('/api/inboxes', whole, () => call(api.GET('/api/inboxes', { params: { query: whole } }))),
    placeholderData: keepPreviousData,
  });
}

// The inbox that a webhook points to; undefined where it points elsewhere.
export function useInboxOf(url: string) {
  return useQuery({
    queryKey: [...inboxesKey, 'of', url],
    queryFn: async () => (await call(api.GET('/api/inboxes', { params: { query: { url, limit: 1 } } }))).data[0] ?? null,
    enabled: url.includes('/inbox/'),
  }).data ?? undefined;
}

export function useInboxRequests(id: string) {
  return useQuery({
    queryKey: [...inboxesKey, id, 'requests'],
    queryFn: () => call(api.GET('/api/inboxes/{id}/requests', { params: { path: { id }, query: { limit: requestsShownMax } } })),
    refetchInterval: refreshMs,
  });
}
