// The query of a list is kept in the page's address: words, order, and which page. A page with two lists names them.
import { useSearchParams } from 'react-router';

import { type CursorState, useCursor } from './CursorPager';
import { useSetParameter } from './search_parameter';

export const listPageSize = 50;

export interface ListQuery<Sort extends string> {
  q: string;
  sort: Sort;
  paging: CursorState;
  find: (words: string) => void;
  orderBy: (sort: string) => void;
  // As the API's list takes it.
  query: { sort: Sort; limit: number; q?: string; cursor?: string };
}

// `sorts`: all orders, the first of them where the address names none. `place`: another one begins at the first page.
export function useListQuery<Sort extends string>({ name = '', sorts, place = '' }: { name?: string; sorts: readonly [Sort, ...Sort[]]; place?: string }): ListQuery<Sort> {
  const [search] = useSearchParams();
  const setParameter = useSetParameter();
  const key = (part: string) => (name === '' ? part : `${name}_${part}`);
  const q = search.get(key('q')) ?? '';
  const sort = sorts.find((each) => each === search.get(key('sort'))) ?? sorts[0];
  const paging = useCursor(`${name} ${place} ${sort} ${q}`);
  const set = (part: string, value: string | null) => setParameter(key(part), value);
  return {
    q,
    sort,
    paging,
    find: (words) => set('q', words.trim()),
    orderBy: (next) => set('sort', next === sorts[0] ? null : next),
    query: { sort, limit: listPageSize, ...(q && { q }), ...(paging.cursor && { cursor: paging.cursor }) },
  };
}
