// The contacts or accounts of a venue, searched and paged; a group's venues one at a time.
import { Anchor, Button, Group, Select, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconSearch, IconUpload } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { usePlaces } from '../../app/place';
import { useMay } from '../../app/session';
import { CursorPager, useCursor } from '../../parts/CursorPager';
import { type Column, DataTable } from '../../parts/DataTable';
import { EmptyState } from '../../parts/EmptyState';
import { Loaded } from '../../parts/Loaded';
import { Page } from '../../parts/Page';
import { Panel } from '../../parts/Panel';
import { Time } from '../../parts/Time';
import { glyphs, type Kind, nameOf, pathOf, type RecordData } from './kinds';
import { listRecords, recordsKey } from './records_api';

const pageSize = 50;
const typingPauseMs = 300;

export function RecordsPage({ kind }: { kind: Kind }) {
  const { t } = useTranslation('records');
  const may = useMay();
  const { place } = usePlaces();
  const venues = place === null ? [] : place.kind === 'venue' ? [place.venue] : place.venues;
  const [chosen, setChosen] = useState<string | null>(null);
  const venue = venues.find(({ id }) => id === chosen) ?? venues[0];
  const create = may.manage && venue && (
    <Button component={Link} to={`/${kind}s/new?venue_id=${encodeURIComponent(venue.id)}`} leftSection={<IconPlus size={16} aria-hidden />}>
      {t(`${kind}.new`)}
    </Button>
  );
  const importing = venue && (
    <Button component={Link} to={`/${kind}s/import?venue_id=${encodeURIComponent(venue.id)}`} variant="default" leftSection={<IconUpload size={16} aria-hidden />}>
      {t('import')}
    </Button>
  );
  return (
    <Page title={t(`${kind}.title`)} actions={create && <>{importing}{create}</>}>
      {venues.length > 1 && (
        <Select
          label={t('venue')}
          data={venues.map(({ id, name }) => ({ value: id, label: name }))}
          value={venue?.id ?? null}
          onChange={setChosen}
          allowDeselect={false}
          searchable={venues.length > 8}
          maw={320}
        />
      )}
      {venue ? (
        <VenueRecords key={venue.id} kind={kind} venueId={venue.id} create={create} />
      ) : (
        <Panel><EmptyState icon={glyphs[kind]} title={t('no_venue')} text={t('no_venue_text')} /></Panel>
      )}
    </Page>
  );
}

function VenueRecords({ kind, venueId, create }: { kind: Kind; venueId: string; create: React.ReactNode }) {
  const { t } = useTranslation('records');
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), typingPauseMs);
  const paging = useCursor(q);
  const records = useQuery({
    queryKey: [...recordsKey(kind), venueId, 'list', q, paging.cursor],
    queryFn: () => listRecords(kind, venueId, { limit: pageSize, ...(q && { q }), ...(paging.cursor && { cursor: paging.cursor }) }),
    placeholderData: keepPreviousData,
  });
  return (
    <Panel flush>
      <Group p="md">
        <TextInput
          aria-label={t('search')}
          placeholder={t('search')}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          w={360}
          maw="100%"
        />
      </Group>
      <Loaded query={records}>
        {(page) =>
          page.data.length === 0 ? (
            <EmptyState icon={glyphs[kind]} title={t(q ? 'none' : `${kind}.empty`)} text={t(q ? 'none_text' : `${kind}.empty_text`)}>
              {!q && create}
            </EmptyState>
          ) : (
            <>
              <RecordTable kind={kind} venueId={venueId} records={page.data} />
              <CursorPager state={paging} nextCursor={page.next_cursor} />
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}

function RecordTable({ kind, venueId, records }: { kind: Kind; venueId: string; records: RecordData[] }) {
  const { t } = useTranslation('records');
  const columns = useMemo<Column<RecordData>[]>(() => {
    const field = (name: string): Column<RecordData> => ({
      id: name,
      header: t(`field.${name}` as 'field.email'),
      cell: (record) => (typeof record[name] === 'string' ? <Text inherit style={{ overflowWrap: 'anywhere' }}>{record[name]}</Text> : '—'),
    });
    return [
      {
        id: 'name',
        header: t(`${kind}.one`),
        cell: (record) => <Anchor component={Link} to={pathOf(kind, venueId, record.id)} fw={600} inherit>{nameOf(kind, record)}</Anchor>,
      },
      ...(kind === 'contact' ? ['email', 'phone', 'city'] : ['company_type', 'vat_number', 'city']).map(field),
      { id: 'created', header: t('created'), cell: (record) => <Time at={record.created_at} style="date" /> },
    ];
  }, [t, kind, venueId]);
  return (
    <DataTable
      label={t(`${kind}.title`)}
      columns={columns}
      rows={records}
      rowId={({ id }) => id}
      rowLink={({ id }) => pathOf(kind, venueId, id)}
    />
  );
}
