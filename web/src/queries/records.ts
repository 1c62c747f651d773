// Contacts and accounts through the API, alike: the two have the same routes.
import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api, call } from '@/api/client';
import { problemOf } from '@/api/problem';
import type { ContactPatch, NewContact } from '@/api/schema';
import type { PlaceScope } from '@/queries/venues';

export type Kind = 'contact' | 'account';

export interface RecordData {
  id: string;
  created_at: number;
  [field: string]: unknown;
}

export const recordsKey = (kind: Kind) => [`${kind}s`] as const;
export const recordKey = (kind: Kind, venueId: string, id: string) => [...recordsKey(kind), venueId, id] as const;

export interface RecordQuery {
  q?: string;
  account_id?: string;
  limit?: number;
  cursor?: string;
}
export interface RecordPage {
  data: RecordData[];
  next_cursor: string | null;
}
export type RecordSort = `${'' | '-'}${'name' | 'email' | 'created_at' | 'updated_at'}`;
export interface ListedRecord {
  venue_id: string;
  updated_at: number;
  data: RecordData;
}
export type SortedQuery = (PlaceScope | { all: true }) & { sort: RecordSort; q?: string; limit: number; cursor?: string };

// Lists the records of a venue, of a group or of all that one may see. Accounts have no e-mail to be sorted by.
export async function listSorted(kind: Kind, query: SortedQuery): Promise<{ data: ListedRecord[]; next_cursor: string | null }> {
  const params = { query: query as never };
  const page = await (kind === 'contact' ? call(api.GET('/api/contacts', { params })) : call(api.GET('/api/accounts', { params })));
  return page;
}
const said = (value: unknown) => (typeof value === 'string' ? value : '');

// The name that a person calls it by.
export function nameOf(kind: Kind, record: RecordData): string {
  if (kind === 'account') return said(record['name']) || said(record['legal_name']) || record.id;
  return [record['first_name'], record['last_name']].map(said).filter(Boolean).join(' ') || said(record['email']) || record.id;
}

// A record as it was read, and the version that an edit must still find.
export interface Versioned {
  record: RecordData;
  etag: string | null;
}
export type RecordChange = Record<string, unknown>;

export async function listRecords(kind: Kind, venue_id: string, query: RecordQuery): Promise<RecordPage> {
  const page =
    kind === 'contact'
      ? await call(api.GET('/api/venues/{venue_id}/contacts', { params: { path: { venue_id }, query } }))
      : await call(api.GET('/api/venues/{venue_id}/accounts', { params: { path: { venue_id }, query } }));
  return page;
}

async function versioned(request: Promise<{ data?: unknown; error?: unknown; response: Response }>): Promise<Versioned> {
  const { data, error, response } = await request;
  if (!response.ok) throw problemOf(response, error);
  return { record: data as RecordData, etag: response.headers.get('ETag') };
}

export function getRecord(kind: Kind, venue_id: string, id: string): Promise<Versioned> {
  const params = { path: { venue_id, id } };
  return versioned(
    kind === 'contact'
      ? api.GET('/api/venues/{venue_id}/contacts/{id}', { params })
      : api.GET('/api/venues/{venue_id}/accounts/{id}', { params }),
  );
}

export function createRecord(kind: Kind, venue_id: string, change: RecordChange): Promise<Versioned> {
  const options = { params: { path: { venue_id } }, body: change as NewContact };
  return versioned(
    kind === 'contact' ? api.POST('/api/venues/{venue_id}/contacts', options) : api.POST('/api/venues/{venue_id}/accounts', options as never),
  );
}

// Refused with 412 where it is another version by now.
export function changeRecord(kind: Kind, venue_id: string, id: string, change: RecordChange, etag: string | null): Promise<Versioned> {
  const options = {
    params: { path: { venue_id, id } },
    headers: etag === null ? {} : { 'If-Match': etag },
    body: change as ContactPatch,
  };
  return versioned(
    kind === 'contact'
      ? api.PATCH('/api/venues/{venue_id}/contacts/{id}', options)
      : api.PATCH('/api/venues/{venue_id}/accounts/{id}', options as never),
  );
}

// `erase`: with all that is kept of it.
export async function deleteRecord(kind: Kind, venue_id: string, id: string, erase: boolean): Promise<void> {
  const params = { path: { venue_id, id }, query: { erase } };
  if (kind === 'contact') await call(api.DELETE('/api/venues/{venue_id}/contacts/{id}', { params }));
  else await call(api.DELETE('/api/venues/{venue_id}/accounts/{id}', { params }));
}

export function useRecord(kind: Kind, venueId: string, id: string) {
  return useQuery({ queryKey: recordKey(kind, venueId, id), queryFn: () => getRecord(kind, venueId, id), enabled: id !== '' });
}

// For those who look for one by a part of its name, e-mail or phone, over all venues that they see.
export function useFoundRecords(kind: Kind, q: string, limit: number) {
  return useQuery({
    queryKey: [...recordsKey(kind), 'found', q, limit],
    queryFn: async () => {
      const { data } = await listSorted(kind, { all: true, sort: 'name', q, limit });
      return data.map(({ venue_id, data: record }) => ({ venue_id, id: record.id, name: nameOf(kind, record) }));
    },
    placeholderData: keepPreviousData,
    enabled: q !== '',
  });
}
