// A list that the server searches, sorts and pages: the field to search by, what was found, the way to the next page.
import { Button, Group, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch, IconSearchOff } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';

import { useTranslation } from '@/texts/translation';
import { CursorPager } from './CursorPager';
import { EmptyState } from './EmptyState';
import { type ListQuery } from './list_query';
import { Loaded } from './Loaded';

const typingPauseMs = 300;
// Below so many a search is no help.
const searchedMin = 8;

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
  const [typed, setTyped] = useState(list.q);
  const find = useDebouncedCallback(list.find, typingPauseMs);
  const total = rows.data?.total ?? 0;
  return (
    <>
      {(total >= searchedMin || list.q !== '') && (
        <Group p="md" gap="sm">
          <TextInput
            aria-label={label}
            placeholder={label}
            leftSection={<IconSearch size={16} aria-hidden />}
            value={typed}
            onChange={({ currentTarget }) => {
              setTyped(currentTarget.value);
              find(currentTarget.value);
            }}
            w={320}
            maw="100%"
          />
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
              <Button variant="default" onClick={() => { setTyped(''); list.find(''); }}>{t('list.show_all')}</Button>
            </EmptyState>
          )
        }
      </Loaded>
    </>
  );
}
