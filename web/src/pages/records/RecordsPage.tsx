// The contacts or accounts of the venue or the whole group that the header names: searched, sorted and paged.
import { Button, Group, NativeSelect } from '@mantine/core';
import { IconPlus, IconUpload } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { Link } from '@/context/links';

import { type Place, usePlaces } from '@/context/place';
import { useMay } from '@/context/session';
import cells from '@/parts/cells.module.css';
import { CursorPager, useCursor } from '@/parts/CursorPager';
import { type Column, DataTable } from '@/parts/DataTable';
import { EmptyState } from '@/parts/EmptyState';
import { Loaded } from '@/parts/Loaded';
import { OnDemand } from '@/parts/OnDemand';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { glyphs, nameOf, pathOf } from '@/parts/records/kinds';
import { useSetParameter } from '@/parts/search_parameter';
import { SearchField, useTypedSearch } from '@/parts/SearchField';
import { Time } from '@/parts/Time';
import { early } from '@/queries/early';
import type { Kind, ListedRecord, RecordSort, SortedQuery } from '@/queries/records';
import { listSorted, recordsKey } from '@/queries/records';
import { useTranslation } from '@/texts/translation';
import { useShownColumns } from './columns';
import { ColumnsFace } from './ColumnsFace';

const pageSize = 50;
const recordSorts: RecordSort[] = ['name', '-name', 'email', '-email', 'created_at', '-created_at', 'updated_at', '-updated_at'];
// Where the table has no headers to sort by: on a phone. Accounts have no e-mail.
const phoneSorts: RecordSort[] = ['-created_at', 'created_at', 'name', '-name', 'email', '-updated_at'];

export function RecordsPage({ kind }: { kind: Kind }) {
  const { t } = useTranslation('records');
  const may = useMay();
  const { place } = usePlaces();
  const create = may.manage && place && (
    <Button component={Link} to={`/${kind}s/new`} leftSection={<IconPlus size={16} aria-hidden />}>{t(`${kind}.new`)}</Button>
  );
  const importing = may.manage && place && (
    <Button component={Link} to={`/${kind}s/import`} variant="default" leftSection={<IconUpload size={16} aria-hidden />}>{t('import')}</Button>
  );
  return (
    <Page title={t(`${kind}.title`)} actions={create && <>{importing}{create}</>}>
      {place ? (
        <PlaceRecords key={`${place.kind}:${place.id}`} kind={kind} place={place} create={create} />
      ) : (
        <Panel><EmptyState icon={glyphs[kind]} title={t('no_venue')} text={t('no_venue_text')} /></Panel>
      )}
    </Page>
  );
}

function PlaceRecords({ kind, place, create }: { kind: Kind; place: Place; create: React.ReactNode }) {
  const { t } = useTranslation('records');
  const [search] = useSearchParams();
  const q = search.get('q') ?? '';
  const sort = recordSorts.find((each) => each === search.get('sort')) ?? '-created_at';
  const set = useSetParameter();
  const typed = useTypedSearch(q, (words) => set('q', words.trim()));
  const setSort = (next: RecordSort) => set('sort', next === '-created_at' ? null : next);
  const { shown, toggle } = useShownColumns(kind);
  const paging = useCursor(`${sort} ${q}`);
  const query: SortedQuery = { ...(place.scope ?? { all: true }), sort, limit: pageSize, ...(q && { q }), ...(paging.cursor && { cursor: paging.cursor }) };
  const records = useQuery({
    queryKey: [...recordsKey(kind), place.scope, 'list', sort, q, paging.cursor],
    ...early(`/api/${kind}s`, query, () => listSorted(kind, query)),
    placeholderData: keepPreviousData,
  });
  return (
    <Panel flush>
      <Group px="lg" py="md" justify="space-between">
        <SearchField search={typed} label={t('search')} placeholder={t('search_short')} width={360} />
        <NativeSelect
          hiddenFrom="sm"
          aria-label={t('sort.label')}
          value={sort}
          onChange={({ currentTarget }) => setSort(currentTarget.value as RecordSort)}
          data={phoneSorts.filter((each) => kind === 'contact' || each !== 'email').map((value) => ({ value, label: t(`sort.${value}` as 'sort.name') }))}
        />
        <OnDemand load={() => import('./ColumnsMenu')} props={{ kind, shown, toggle }} button={(opener) => <ColumnsFace {...opener} />} />
      </Group>
      <Loaded query={records}>
        {(page) =>
          page.data.length === 0 ? (
            <EmptyState icon={glyphs[kind]} title={t(q ? 'none' : `${kind}.empty`)} text={t(q ? 'none_text' : `${kind}.empty_text`)}>
              {!q && create}
            </EmptyState>
          ) : (
            <>
              <RecordTable kind={kind} place={place} shown={shown} records={page.data} sort={sort} onSort={(next) => setSort(next as RecordSort)} />
              <CursorPager state={paging} nextCursor={page.next_cursor} />
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}

interface RecordTableProps {
  kind: Kind;
  place: Place;
  shown: string[];
  records: ListedRecord[];
  sort: string;
  onSort: (sort: string) => void;
}

function RecordTable({ kind, place, shown, records, sort, onSort }: RecordTableProps) {
  const { t } = useTranslation('records');
  const columns = useMemo<Column<ListedRecord>[]>(() => {
    const field = (name: string): Column<ListedRecord> => ({
      id: name,
      header: t(`field.${name}` as 'field.email'),
      ...(name === 'email' && { sort: 'email' }),
      cell: ({ data }) => {
        const value = data[name];
        return typeof value === 'string' ? <span className={cells.any}>{value}</span> : '—';
      },
    });
    const special: Record<string, Column<ListedRecord>> = {
      created_at: { id: 'created_at', header: t('created'), phone: 'hidden', sort: 'created_at', cell: ({ data }) => <Time at={data.created_at} style="date" /> },
      updated_at: { id: 'updated_at', header: t('updated'), sort: 'updated_at', cell: (listed) => <Time at={listed.updated_at} style="date" /> },
    };
    const venues = place.kind !== 'venue' ? new Map(place.venues.map(({ id, name }) => [id, name])) : null;
    return [
      {
        id: 'name',
        header: t(`${kind}.one`),
        phone: 'title',
        sort: 'name',
        cell: ({ venue_id: venue, data }) => <Link to={pathOf(kind, venue, data.id)} className={cells.link}>{nameOf(kind, data)}</Link>,
      },
      ...(venues === null ? [] : [{ id: 'venue', header: t('venue'), phone: 'line' as const, cell: ({ venue_id: id }: ListedRecord) => venues.get(id) ?? id }]),
      ...shown.map((name) => special[name] ?? field(name)),
    ];
  }, [t, kind, place, shown]);
  return (
    <DataTable
      label={t(`${kind}.title`)}
      columns={columns}
      rows={records}
      rowId={({ venue_id: venue, data }) => `${venue}/${data.id}`}
      rowLink={({ venue_id: venue, data }) => pathOf(kind, venue, data.id)}
      sort={sort}
      onSort={onSort}
    />
  );
}
