// Venues and groups, as the server knows them.
import { useQuery } from '@tanstack/react-query';

import { allPages } from '@/api/all_pages';
import { api, call } from '@/api/client';

// What the API calls a scope; also the query of many lists.
export type PlaceScope = { venue_id: string } | { venues_group_id: string };

export const venuesKey = ['venues'] as const;
export const groupsKey = ['venues-groups'] as const;

export function useVenues() {
  return useQuery({
    queryKey: venuesKey,
    queryFn: () => allPages((page) => call(api.GET('/api/venues', { params: { query: page } }))),
  });
}

export function useGroups() {
  return useQuery({
    queryKey: groupsKey,
    queryFn: () => allPages((page) => call(api.GET('/api/venues-groups', { params: { query: page } }))),
  });
}
