// What the inbox pages ask the server.
import { useQuery } from '@tanstack/react-query';

import { allPages } from '@/api/all_pages';
import { api, call } from '@/api/client';

const refreshMs = 2_000;
const requestsShownMax = 50;

export const inboxesKey = ['inboxes'] as const;

export function useInboxes() {
  return useQuery({
    queryKey: inboxesKey,
    queryFn: () => allPages((page) => call(api.GET('/api/inboxes', { params: { query: page } }))),
  });
}

export function useInboxRequests(id: string) {
  return useQuery({
    queryKey: [...inboxesKey, id, 'requests'],
    queryFn: () => call(api.GET('/api/inboxes/{id}/requests', { params: { path: { id }, query: { limit: requestsShownMax } } })),
    refetchInterval: refreshMs,
  });
}
