// Asks the server about webhooks, and names the keys under which the responses are kept.
import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { allPages } from '@/api/all_pages';
import { api, call } from '@/api/client';
import type { Webhook, WebhookCondition } from '@/api/schema';
import { early } from './early';
import type { PlaceScope } from './venues';

const refreshMs = 15_000;
const pageSize = 50;
const foundMax = 20;
const namedMax = 100;

export type StatisticsWindow = '24h' | '7d' | '30d';
export type WebhookSort = `${'' | '-'}${'trouble' | 'name' | 'created_at' | 'pending'}`;

export const webhooksKey = ['webhooks'] as const;
export const webhookKey = (id: string) => [...webhooksKey, id] as const;

export interface WebhookQuery {
  place: PlaceScope | null;
  q?: string;
  condition?: WebhookCondition;
  sort: WebhookSort;
  cursor?: string;
}

// A page, with how many there are in all.
export function useWebhookPage({ place, q, condition, sort, cursor }: WebhookQuery) {
  const query = { ...place, sort, limit: pageSize, ...(q && { q }), ...(condition && { condition }), ...(cursor && { cursor }) };
  return useQuery({
    queryKey: [...webhooksKey, 'page', query],
    ...early('/api/webhooks', query, () => call(api.GET('/api/webhooks', { params: { query } }))),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  });
}

// How many are in which condition, in all and by scope.
export function useWebhookCounts(place: PlaceScope | null) {
  return useQuery({
    queryKey: [...webhooksKey, 'counts', place],
    ...early('/api/webhook-counts', { ...place }, () => call(api.GET('/api/webhook-counts', { params: { query: { ...place } } }))),
    refetchInterval: refreshMs,
  });
}

// For a chooser: those that the words find.
export function useFoundWebhooks(q: string, place: PlaceScope | null, enabled = true) {
  return useQuery({
    queryKey: [...webhooksKey, 'found', q, place],
    queryFn: async () => (await call(api.GET('/api/webhooks', { params: { query: { ...place, sort: 'name', limit: foundMax, ...(q && { q }) } } }))).data,
    placeholderData: keepPreviousData,
    enabled,
  });
}

export function useWebhook(id: string) {
  return useQuery({
    queryKey: webhookKey(id),
    queryFn: () => call(api.GET('/api/webhooks/{id}', { params: { path: { id } } })),
    refetchInterval: refreshMs,
    enabled: id !== '',
  });
}

export async function loadWebhooks(ids: string[]) {
  const found = new Map<string, Webhook>();
  for (let i = 0; i < ids.length; i += namedMax) {
    const { data } = await call(api.GET('/api/webhooks', { params: { query: { id: ids.slice(i, i + namedMax), limit: namedMax } } }));
    for (const webhook of data) found.set(webhook.id, webhook);
  }
  return found;
}

// Returns the webhooks that a list of deliveries names; a webhook that is missing was deleted.
export function useWebhooksOf(ids: string[]) {
  const id = [...new Set(ids)].sort();
  return useQuery({
    queryKey: [...webhooksKey, 'named', id],
    queryFn: () => loadWebhooks(id),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    enabled: id.length > 0,
  });
}

// Returns the last 24 hours of the webhooks that are shown.
export function useSummaries(ids: string[]) {
  return useQuery({
    queryKey: [...webhooksKey, 'summaries', ids],
    queryFn: async () => {
      const summaries = await allPages((page) => call(api.GET('/api/stats', { params: { query: { window: '24h', webhook_id: ids, ...page } } })));
      return new Map(summaries.map((summary) => [summary.webhook_id, summary]));
    },
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
    enabled: ids.length > 0,
  });
}

// The hours of a day, or the days of the viewer's calendar: the moments between its steps.
export function boundariesOf(window: StatisticsWindow, now: Date): number[] {
  const at = (date: Date, days: number, hours: number) => new Date(date.getFullYear(), date.getMonth(), date.getDate() + days, hours).getTime();
  if (window === '24h') {
    const next = new Date(now.getFullYear(), now.getMonth(), now.getDate(), now.getHours() + 1).getTime();
    return Array.from({ length: 25 }, (_, i) => next - (24 - i) * 3_600_000);
  }
  const days = window === '7d' ? 7 : 30;
  return Array.from({ length: days + 1 }, (_, i) => at(now, i + 1 - days, 0));
}

export function useStatistics(id: string, window: StatisticsWindow) {
  return useQuery({
    queryKey: [...webhookKey(id), 'stats', window],
    queryFn: () => call(api.GET('/api/webhooks/{id}/stats', { params: { path: { id }, query: { boundaries: boundariesOf(window, new Date()).join(',') } } })),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  });
}

// Asks what became of the deliveries of all webhooks of the place between the moments.
export function usePlaceStatistics(place: PlaceScope | null, boundaries: number[], enabled: boolean) {
  return useQuery({
    queryKey: [...webhooksKey, 'place-stats', place, boundaries],
    queryFn: () => call(api.GET('/api/place-stats', { params: { query: { ...place, boundaries: boundaries.join(',') } } })),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
    enabled,
  });
}

export function useStatisticsBetween(id: string, boundaries: number[]) {
  return useQuery({
    queryKey: [...webhookKey(id), 'stats', boundaries],
    queryFn: () => call(api.GET('/api/webhooks/{id}/stats', { params: { path: { id }, query: { boundaries: boundaries.join(',') } } })),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
    enabled: id !== '',
  });
}

// All that are owed what happens at the venue: its own and its group's.
export function useWebhooksOfVenue(venueId: string) {
  return useQuery({
    queryKey: [...webhooksKey, 'of-venue', venueId],
    queryFn: () => allPages((page) => call(api.GET('/api/webhooks', { params: { query: { venue_id: venueId, sort: 'name', ...page } } }))),
    staleTime: 15_000,
  });
}
