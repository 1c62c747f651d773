// Imports as the server runs them. The file goes there byte by byte as it was chosen: the server alone reads it.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';

import { api, call } from '@/api/client';
import type { Import, ImportDryRun } from '@/api/schema';
import type { Kind } from '@/queries/records';
import { recordsKey } from './records';

export const fileBytesMax = 20 * 1024 * 1024;
export const rowsMax = 100_000;
export const delimiters = ['comma', 'semicolon', 'tab', 'pipe'] as const;
export type Delimiter = (typeof delimiters)[number];
// The most common encodings that the server knows; it recognizes the first ones by itself.
export const encodings = [
  'utf-8', 'windows-1252', 'utf-16le', 'utf-16be', 'macintosh', 'ibm850', 'iso-8859-15', 'windows-1250', 'windows-1251', 'windows-1253',
  'windows-1254', 'windows-1255', 'windows-1256', 'windows-1257', 'windows-1258', 'iso-8859-2', 'shift_jis', 'gb18030', 'big5', 'euc-kr',
];

// The field that each column of a file fills; null: none.
export type Mapping = (string | null)[];

const pollMs = 1_000;
const recentMax = 5;

const importKey = (id: string) => ['import', id] as const;
const importsKey = (venueId: string) => ['imports', venueId] as const;

// A file that was chosen; `number` tells two choices apart.
export interface ChosenFile {
  number: number;
  name: string;
  bytes: ArrayBuffer;
}

// How the file is to be read; what is absent the server recognizes.
export interface Reading {
  encoding?: string;
  delimiter?: Delimiter;
}

interface Sending {
  kind: Kind;
  venueId: string;
  file: ChosenFile;
  reading: Reading;
  mapping: Mapping | null;
}

async function send({ kind, venueId, file, reading, mapping }: Sending, dryRun: boolean, signal?: AbortSignal) {
  const columns = mapping === null ? { skip_unknown: true } : { columns: mapping.map((field) => field ?? '').join(',') };
  return call(
    api.POST('/api/venues/{venue_id}/imports', {
      params: { path: { venue_id: venueId }, query: { kind, ...reading, ...columns, ...(dryRun ? { dry_run: true } : {}) } },
      headers: { 'Content-Type': 'text/csv' },
      body: file.bytes as unknown as string,
      bodySerializer: (bytes) => bytes as unknown as BodyInit,
      signal,
    }),
  );
}

// The server goes on by itself once this has answered.
export async function startImport(sending: Sending): Promise<Import> {
  return (await send(sending, false)) as Import;
}

// Asks what the server would make of the file. Without a mapping: by the names of its columns that are fields.
export function useDryRun(sending: Omit<Sending, 'file'> & { file: ChosenFile | null }) {
  const { kind, venueId, file, reading, mapping } = sending;
  return useQuery({
    queryKey: ['import-dry-run', kind, venueId, file?.number, reading, mapping],
    queryFn: async ({ signal }) => (await send({ kind, venueId, file: file!, reading, mapping }, true, signal)) as ImportDryRun,
    enabled: file !== null,
    placeholderData: mapping === null ? undefined : keepPreviousData,
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });
}

export async function cancelImport(id: string): Promise<Import> {
  return call(api.POST('/api/imports/{id}/cancel', { params: { path: { id } } }));
}

// Asked again until it has ended.
export function useImport(id: string) {
  const client = useQueryClient();
  return useQuery({
    queryKey: importKey(id),
    queryFn: async () => {
      const now = await call(api.GET('/api/imports/{id}', { params: { path: { id } } }));
      if (now.state !== 'running') await client.invalidateQueries({ queryKey: recordsKey(now.kind) });
      return now;
    },
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === 'running' ? pollMs : false),
  });
}

export function useImportErrors(id: string, enabled: boolean, limit: number) {
  return useQuery({
    queryKey: [...importKey(id), 'errors'],
    queryFn: async () => (await call(api.GET('/api/imports/{id}/errors', { params: { path: { id }, query: { limit } } }))).data,
    enabled,
  });
}

// The venue's newest.
export function useRecentImports(venueId: string) {
  return useQuery({
    queryKey: importsKey(venueId),
    queryFn: async () =>
      (await call(api.GET('/api/venues/{venue_id}/imports', { params: { path: { venue_id: venueId }, query: { limit: recentMax } } }))).data,
  });
}
