// A list that the server searches, sorts and pages: the field to search by, what was found, the way to the next page.
import { Button, Group, Text } from '@mantine/core';
import { IconSearchOff } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { useTranslation } from '@/texts/translation';
import { CursorPager } from './CursorPager';
import { EmptyState } from './EmptyState';
import { type ListQuery } from './list_query';
import { Loaded } from './Loaded';
import { searchedMin, SearchField, useTypedSearch } from './SearchField';

interface ListPage<Row> {
  data: Row[];
  next_cursor: string | null;
  total?: number;
}

interface SearchedListProps<Row, Sort extends string> {
  // The names of what the field searches by.
  label: string;
  list: ListQuery<Sort>;
  rows: UseQueryResult<ListPage<Row>>;
  // Where there is nothing at all.
  empty: ReactNode;
  children: (rows: Row[]) => ReactNode;
}

export function SearchedList<Row, Sort extends string>({ label, list, rows, empty, children }: SearchedListProps<Row, Sort>) {
  const { t } = useTranslation();
  const search = useTypedSearch(list.q, list.find);
  const total = rows.data?.total ?? 0;
  return (
    <>
      {(total >= searchedMin || list.q !== '') && (
        <Group px="lg" py="md" gap="sm">
          <SearchField search={search} label={label} />
          <Text size="sm" c="dimmed" role="status">{t('list.total', { count: total })}</Text>
        </Group>
      )}
      <Loaded query={rows}>
        {({ data, next_cursor: next }) =>
          data.length > 0 ? (
            <>
              {children(data)}
              <CursorPager state={list.paging} nextCursor={next} />
            </>
          ) : list.q === '' ? empty : (
            <EmptyState icon={IconSearchOff} title={t('list.none')} text={t('list.none_text')}>
              <Button variant="default" onClick={() => { search.clear(); list.find(''); }}>{t('list.show_all')}</Button>
            </EmptyState>
          )
        }
      </Loaded>
    </>
  );
}
