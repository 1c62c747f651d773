// The filter of the list, kept in the address: a filtered list can be sent to a colleague.
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';

import type { DeliveryFilter } from '@/queries/deliveries';

const names = ['webhook_id', 'status', 'event', 'resource_id', 'status_code', 'since', 'until'] as const;

export function readFilter(search: URLSearchParams): DeliveryFilter {
  const filter: Record<string, string | number> = {};
  for (const name of names) {
    const value = search.get(name);
    if (value === null || value === '') continue;
    if (name !== 'since' && name !== 'until') filter[name] = value;
    else if (Number.isSafeInteger(Number(value))) filter[name] = Number(value);
  }
  return filter;
}

export function useFilter() {
  const [search, setSearch] = useSearchParams();
  const filter = useMemo(() => readFilter(search), [search]);
  return {
    filter,
    // Undefined takes a part of the filter away.
    change: (changes: { [Name in keyof DeliveryFilter]?: DeliveryFilter[Name] | undefined }) => {
      const next = new URLSearchParams();
      for (const [name, value] of Object.entries({ ...filter, ...changes })) {
        if (value !== undefined && value !== '') next.set(name, String(value));
      }
      setSearch(next, { replace: true });
    },
    clear: () => setSearch({}, { replace: true }),
  };
}
