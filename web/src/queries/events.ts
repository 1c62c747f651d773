// The server is asked this about events: the list, and whom they are about.
import { keepPreviousData, type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';

import { api, call } from '@/api/client';
import type { EventType } from '@/api/schema';
import { early } from './early';

export interface EventFilter {
  venue_id?: string;
  venues_group_id?: string;
  event?: EventType;
  resource_id?: string;
  // Unix ms.
  since?: number;
  until?: number;
}

const eventsKey = ['events'] as const;
const pageSize = 30;
const askedMax = 100;
// The names that are kept: those of some pages of a list.
const keptMax = 2_000;

type Subjects = ReadonlyMap<string, string | null>;
const knownKey = ['event-subjects', 'known'] as const;

export function useEvents(filter: EventFilter, cursor: string | undefined) {
  const query = { ...filter, limit: pageSize, ...(cursor && { cursor }) };
  return useQuery({
    queryKey: [...eventsKey, filter, cursor],
    ...early('/api/events', query, () => call(api.GET('/api/events', { params: { query } }))),
    placeholderData: keepPreviousData,
  });
}

export function useEvent(id: string) {
  return useQuery({ queryKey: [...eventsKey, id], queryFn: () => call(api.GET('/api/events/{id}', { params: { path: { id } } })) });
}

// An event never changes: each is asked for once.
export async function loadSubjects(client: QueryClient, ids: string[]): Promise<Subjects> {
  const known = new Map(client.getQueryData<Subjects>(knownKey));
  const missing = ids.filter((id) => !known.has(id));
  for (let i = 0; i < missing.length; i += askedMax) {
    const id = missing.slice(i, i + askedMax);
    const { data } = await call(api.GET('/api/event-subjects', { params: { query: { id } } }));
    for (const each of id) known.set(each, null);
    for (const { event_id: event, name } of data) known.set(event, name);
  }
  if (missing.length > 0) client.setQueryData<Subjects>(knownKey, new Map([...known].slice(-keptMax)));
  return known;
}

// The guest's or the company's name, by the id of the event; null where its payload has none, as of a deletion.
export function useSubjects(events: string[]) {
  const client = useQueryClient();
  const ids = [...new Set(events)].sort();
  return useQuery({
    queryKey: ['event-subjects', ids],
    queryFn: () => loadSubjects(client, ids),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    enabled: ids.length > 0,
  });
}
