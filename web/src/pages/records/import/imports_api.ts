// Imports as the server runs them.
import { useQuery, useQueryClient } from '@tanstack/react-query';

import { api, call } from '../../../api/client';
import type { Import } from '../../../api/schema';
import type { Kind } from '../kinds';
import { recordsKey } from '../records_api';
import { type CsvFile, csvText, type Mapping } from './import_rows';

const pollMs = 1_000;
const delimiters = { ',': 'comma', ';': 'semicolon', '\t': 'tab' } as const;
const recentMax = 5;

const importKey = (id: string) => ['import', id] as const;
const importsKey = (venueId: string) => ['imports', venueId] as const;

// The server goes on by itself once this has answered.
export async function startImport(kind: Kind, venue_id: string, file: CsvFile, mapping: Mapping): Promise<Import> {
  const columns = mapping.map((field) => field ?? '').join(',');
  return call(
    api.POST('/api/venues/{venue_id}/imports', {
      params: { path: { venue_id }, query: { kind, columns, delimiter: delimiters[file.delimiter] } },
      headers: { 'Content-Type': 'text/csv' },
      body: csvText(file),
      bodySerializer: (text) => text,
    }),
  );
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
