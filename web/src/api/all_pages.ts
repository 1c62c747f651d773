// A whole list, page by page: for lists that are short by nature, such as venues or webhooks.
const pageSize = 200;
const itemsMax = 10_000;

interface OnePage<T> {
  data: T[];
  next_cursor: string | null;
}

export async function allPages<T>(load: (page: { limit: number; cursor?: string }) => Promise<OnePage<T>>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await load({ limit: pageSize, ...(cursor === undefined ? {} : { cursor }) });
    all.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && all.length < itemsMax);
  return all;
}
