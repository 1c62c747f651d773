// Venues and their groups: an administrator makes, renames, moves and deletes them; others see their own.
import { Button, Group } from '@mantine/core';
import { IconBuilding, IconBuildingStore, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';

import { api, call } from '@/api/client';
import type { Venue, VenuesGroup } from '@/api/schema';
import { Link } from '@/context/links';
import { usePlaces } from '@/context/place';
import { useMay } from '@/context/session';
import { ActionsMenu } from '@/parts/ActionsMenu';
import cells from '@/parts/cells.module.css';
import { ConfirmDialog } from '@/parts/ConfirmDialog';
import { type Column, DataTable } from '@/parts/DataTable';
import { EmptyState } from '@/parts/EmptyState';
import { useListQuery } from '@/parts/list_query';
import { notifyDone } from '@/parts/notify';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { SearchedList } from '@/parts/SearchedList';
import { Time } from '@/parts/Time';
import { groupsKey, useGroupPage, useVenuePage, venuesKey, venueSorts } from '@/queries/venues';
import { useTranslation } from '@/texts/translation';

// Dialogs are loaded when they are opened.
const GroupDialog = lazy(async () => ({ default: (await import('./GroupDialog')).GroupDialog }));
const VenueDialog = lazy(async () => ({ default: (await import('./VenueDialog')).VenueDialog }));

type Open =
  | { dialog: 'venue'; venue: Venue | null }
  | { dialog: 'group'; group: VenuesGroup | null }
  | { dialog: 'delete'; kind: 'venue' | 'group'; id: string; name: string };

export function VenuesPage() {
  const { t } = useTranslation('settings');
  const { t: tCommon } = useTranslation();
  const client = useQueryClient();
  const { venues, groups } = usePlaces();
  const may = useMay();
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const venueList = useListQuery({ sorts: venueSorts });
  const venuePage = useVenuePage(venueList.query);
  const groupList = useListQuery({ name: 'groups', sorts: venueSorts });
  const groupPage = useGroupPage(groupList.query);

  const remove = async (kind: 'venue' | 'group', id: string) => {
    if (kind === 'venue') {
      await call(api.DELETE('/api/venues/{venue_id}', { params: { path: { venue_id: id } } }));
      await client.invalidateQueries({ queryKey: venuesKey });
    } else {
      await call(api.DELETE('/api/venues-groups/{id}', { params: { path: { id } } }));
      await client.invalidateQueries({ queryKey: groupsKey });
    }
    notifyDone(t('venues.deleted'));
  };

  const groupNames = useMemo(() => new Map(groups.map(({ id, name }) => [id, name])), [groups]);
  const venueColumns = useMemo<Column<Venue>[]>(
    () => [
      { id: 'name', header: t('name'), phone: 'title', sort: 'name', cell: (venue) => <Link to={`/venues/${encodeURIComponent(venue.id)}`} className={cells.link}>{venue.name}</Link> },
      { id: 'id', header: t('id'), cell: (venue) => <code className={cells.code}>{venue.id}</code> },
      { id: 'group', header: t('venues.group'), cell: ({ venues_group_id: id }) => (id === null ? tCommon('none') : (groupNames.get(id) ?? id)) },
      { id: 'created', header: t('created'), phone: 'hidden', sort: 'created_at', cell: (venue) => <Time at={venue.created_at} style="date" /> },
      ...(may.administer ? [actionsColumn<Venue>((venue) => ({ dialog: 'venue', venue }), 'venue', setOpen)] : []),
    ],
    [t, tCommon, groupNames, may.administer],
  );
  const groupColumns = useMemo<Column<VenuesGroup>[]>(
    () => [
      { id: 'name', header: t('name'), phone: 'title', sort: 'name', cell: (group) => <span className={cells.strong}>{group.name}</span> },
      { id: 'id', header: t('id'), cell: (group) => <code className={cells.code}>{group.id}</code> },
      {
        id: 'venues',
        header: t('venues.venues'),
        cell: (group) => venues.filter((venue) => venue.venues_group_id === group.id).map(({ name }) => name).join(', ') || tCommon('none'),
      },
      { id: 'created', header: t('created'), phone: 'hidden', sort: 'created_at', cell: (group) => <Time at={group.created_at} style="date" /> },
      ...(may.administer ? [actionsColumn<VenuesGroup>((group) => ({ dialog: 'group', group }), 'group', setOpen)] : []),
    ],
    [t, tCommon, venues, may.administer],
  );

  const newVenue = may.administer && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen({ dialog: 'venue', venue: null })}>{t('venues.new')}</Button>
  );
  const newGroup = may.administer && (
    <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen({ dialog: 'group', group: null })}>
      {t('groups.new')}
    </Button>
  );
  return (
    <Page title={t('venues.title')} text={t('venues.text')} actions={<Group gap="sm">{newGroup}{newVenue}</Group>}>
      <Panel title={t('venues.venues')} flush>
        <SearchedList label={t('venues.search')} list={venueList} rows={venuePage} empty={<EmptyState icon={IconBuildingStore} title={t('venues.empty')} text={t('venues.empty_text')}>{newVenue}</EmptyState>}>
          {(rows) => <DataTable label={t('venues.venues')} columns={venueColumns} rows={rows} rowId={({ id }) => id} sort={venueList.sort} onSort={venueList.orderBy} />}
        </SearchedList>
      </Panel>
      <Panel title={t('groups.title')} text={t('groups.text')} flush>
        <SearchedList label={t('groups.search')} list={groupList} rows={groupPage} empty={<EmptyState icon={IconBuilding} title={t('groups.empty')}>{newGroup}</EmptyState>}>
          {(rows) => <DataTable label={t('groups.title')} columns={groupColumns} rows={rows} rowId={({ id }) => id} sort={groupList.sort} onSort={groupList.orderBy} />}
        </SearchedList>
      </Panel>

      {open?.dialog === 'venue' && <Suspense fallback={null}><VenueDialog venue={open.venue} groups={groups} onClose={close} /></Suspense>}
      {open?.dialog === 'group' && <Suspense fallback={null}><GroupDialog group={open.group} onClose={close} /></Suspense>}
      {open?.dialog === 'delete' && (
        <ConfirmDialog
          opened
          danger
          title={t(open.kind === 'venue' ? 'venues.delete_title' : 'groups.delete_title', { name: open.name })}
          text={t(open.kind === 'venue' ? 'venues.delete_text' : 'groups.delete_text')}
          confirm={tCommon('delete')}
          onClose={close}
          onConfirm={() => remove(open.kind, open.id)}
        />
      )}
    </Page>
  );
}

function actionsColumn<Row extends { id: string; name: string }>(edit: (row: Row) => Open, kind: 'venue' | 'group', open: (open: Open) => void): Column<Row> {
  return { id: 'actions', header: null, align: 'end', cell: (row) => <RowActions name={row.name} onEdit={() => open(edit(row))} onDelete={() => open({ dialog: 'delete', kind, id: row.id, name: row.name })} /> };
}

function RowActions({ name, onEdit, onDelete }: { name: string; onEdit: () => void; onDelete: () => void }) {
  const { t } = useTranslation('settings');
  const { t: tCommon } = useTranslation();
  return (
    <ActionsMenu
      label={t('actions_of', { name })}
      actions={[
        { label: tCommon('edit'), icon: IconPencil, onClick: onEdit },
        { label: tCommon('delete'), icon: IconTrash, grave: true, onClick: onDelete },
      ]}
    />
  );
}
