// A query of what a page begins with. boot.ts has asked for it already (boot/first_page.ts), and its data may be there before
// the first rendering, which then shows it at once.
import { takeBody } from '@/boot/first_responses';

type Parameters = Record<string, string | number | boolean | undefined>;

function addressOf(path: string, query: Parameters): string {
  const parts = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]));
  return parts.length === 0 ? path : `${path}?${parts.join('&')}`;
}

// `ask` asks for `path` with `query`, in this order. The result is spread into the query's options.
export function early<Data>(path: string, query: object, ask: () => Promise<Data>) {
  return { queryFn: ask, initialData: () => takeBody(addressOf(path, query as Parameters)) as Data | undefined };
}
