// What the webhook pages ask the server, and under which keys it is kept.
import { useQuery } from '@tanstack/react-query';

import { allPages } from '@/api/all_pages';
import { api, call } from '@/api/client';
import type { WebhookStatistics } from '@/api/schema';

const refreshMs = 15_000;

export type StatisticsWindow = WebhookStatistics['window'];

export const webhooksKey = ['webhooks'] as const;
export const webhookKey = (id: string) => [...webhooksKey, id] as const;

export function useWebhooks() {
  return useQuery({
    queryKey: webhooksKey,
    queryFn: () => allPages((page) => call(api.GET('/api/webhooks', { params: { query: page } }))),
    refetchInterval: refreshMs,
  });
}

export function useWebhook(id: string) {
  return useQuery({
    queryKey: webhookKey(id),
    queryFn: () => call(api.GET('/api/webhooks/{id}', { params: { path: { id } } })),
    refetchInterval: refreshMs,
  });
}

// Of the last 24 hours, by webhook.
export function useSummaries() {
  return useQuery({
    queryKey: [...webhooksKey, 'summaries'],
    queryFn: async () => {
      const summaries = await allPages((page) => call(api.GET('/api/stats', { params: { query: { window: '24h', ...page } } })));
      return new Map(summaries.map((summary) => [summary.webhook_id, summary]));
    },
    refetchInterval: refreshMs,
  });
}

export function useStatistics(id: string, window: StatisticsWindow) {
  return useQuery({
    queryKey: [...webhookKey(id), 'stats', window],
    queryFn: () => call(api.GET('/api/webhooks/{id}/stats', { params: { path: { id }, query: { window } } })),
    placeholderData: (previous) => previous,
    refetchInterval: refreshMs,
  });
}
