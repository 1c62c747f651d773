// Venues and groups, as the server knows them.
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';

import { allPages } from '@/api/all_pages';
import { api, call } from '@/api/client';
import { early } from './early';

// A scope as the API names it; also the query of many lists.
export type PlaceScope = { venue_id: string } | { venues_group_id: string };

export const venuesKey = ['venues'] as const;
export const groupsKey = ['venues-groups'] as const;

export const venuesQuery = queryOptions({
  queryKey: venuesKey,
  queryFn: () => allPages((page) => call(api.GET('/api/venues', { params: { query: page } }))),
});

export const groupsQuery = queryOptions({
  queryKey: groupsKey,
  queryFn: () => allPages((page) => call(api.GET('/api/venues-groups', { params: { query: page } }))),
});

export function useVenues() {
  return useQuery(venuesQuery);
}

export function useGroups() {
  return useQuery(groupsQuery);
}

export const venueSorts = ['name', '-name', '-created_at', 'created_at'] as const;
type Sort = (typeof venueSorts)[number];

interface PageQuery {
  sort: Sort;
  limit: number;
  q?: string;
  cursor?: string;
}

// For the lists that are looked at, while the shell knows all of them.
export function useVenuePage(query: PageQuery) {
  return useQuery({
    queryKey: [...venuesKey, 'page', query],
    ...early('/api/venues', query, () => call(api.GET('/api/venues', { params: { query } }))),
    placeholderData: keepPreviousData,
  });
}

export function useGroupPage(query: PageQuery) {
  return useQuery({
    queryKey: [...groupsKey, 'page', query],
    ...early('/api/venues-groups', query, () => call(api.GET('/api/venues-groups', { params: { query } }))),
    placeholderData: keepPreviousData,
  });
}
