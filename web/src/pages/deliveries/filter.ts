// The filter of the list, kept in the address: a filtered list can be sent to a colleague, and kept as a view.
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';

import type { DeliveryFilter } from '@/queries/deliveries';

const names = ['webhook_id', 'status', 'event', 'resource_id', 'status_code', 'since', 'until'] as const;

// Times that are relative to now, so that a kept view stays true.
export const ranges = ['hour', 'today', 'friday'] as const;
export type Range = (typeof ranges)[number];

const minuteMs = 60_000;
const fridayDay = 5;
const fridayHour = 18;

// When the range begins, in the viewer's zone.
export function beginOf(range: Range, now: Date): number {
  const at = (daysBack: number, hour: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysBack, hour).getTime();
  if (range === 'hour') return Math.floor(now.getTime() / minuteMs) * minuteMs - 60 * minuteMs;
  if (range === 'today') return at(0, 0);
  const daysBack = (now.getDay() - fridayDay + 7) % 7;
  const friday = at(daysBack, fridayHour);
  return friday <= now.getTime() ? friday : at(daysBack + 7, fridayHour);
}

export function readRange(search: URLSearchParams): Range | null {
  return ranges.find((range) => range === search.get('range')) ?? null;
}

export function readFilter(search: URLSearchParams, now = new Date()): DeliveryFilter {
  const filter: Record<string, string | number> = {};
  for (const name of names) {
    const value = search.get(name);
    if (value === null || value === '') continue;
    if (name !== 'since' && name !== 'until') filter[name] = value;
    else if (Number.isSafeInteger(Number(value))) filter[name] = Number(value);
  }
  const range = readRange(search);
  if (range !== null) {
    delete filter['until'];
    filter['since'] = beginOf(range, now);
  }
  return filter;
}

export type FilterChanges = { [Name in keyof DeliveryFilter]?: DeliveryFilter[Name] | undefined };

export function useFilter() {
  const [search, setSearch] = useSearchParams();
  const query = search.toString();
  const filter = useMemo(() => readFilter(new URLSearchParams(query)), [query]);
  const edit = (act: (next: URLSearchParams) => void) => {
    const next = new URLSearchParams(search);
    act(next);
    setSearch(next, { replace: true });
  };
  return {
    filter,
    range: readRange(search),
    // The delivery that is open beside the list.
    opened: search.get('delivery'),
    // Undefined takes a part of the filter away.
    change: (changes: FilterChanges) =>
      edit((next) => {
        if ('since' in changes || 'until' in changes) {
          const { since, until } = readFilter(next);
          next.delete('range');
          for (const [name, value] of Object.entries({ since, until })) if (value !== undefined) next.set(name, String(value));
        }
        for (const [name, value] of Object.entries(changes)) {
          if (value === undefined || value === '') next.delete(name);
          else next.set(name, String(value));
        }
      }),
    changeRange: (range: Range | null) =>
      edit((next) => {
        for (const name of ['range', 'since', 'until']) next.delete(name);
        if (range !== null) next.set('range', range);
      }),
    open: (id: string | null) =>
      edit((next) => {
        if (id === null) next.delete('delivery');
        else next.set('delivery', id);
      }),
    show: (view: string) => setSearch(new URLSearchParams(view)),
    clear: () => setSearch({}, { replace: true }),
    // As it is kept: without what is open.
    view: () => {
      const kept = new URLSearchParams(search);
      kept.delete('delivery');
      return kept.toString();
    },
  };
}
