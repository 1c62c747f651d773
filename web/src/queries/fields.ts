// The definitions of a place, in the order they were made: the order of forms and payloads.
import { useQuery } from '@tanstack/react-query';

import { allPages } from '@/api/all_pages';
import { api, call } from '@/api/client';
import type { PlaceScope } from '@/queries/venues';

export const fieldsKey = ['fields'] as const;

export function useFields(scope: PlaceScope | null) {
  return useQuery({
    queryKey: [...fieldsKey, scope],
    queryFn: () => allPages((page) => call(api.GET('/api/fields', { params: { query: { ...scope, ...page } } }))),
    enabled: scope !== null,
  });
}
