// The API keys of what the user may manage.
import { Button } from '@mantine/core';
import { IconKey, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';

import { api, call } from '@/api/client';
import type { ApiKey } from '@/api/schema';
import { scopeOf, usePlaces } from '@/context/place';
import { ActionsMenu } from '@/parts/ActionsMenu';
import { Badge } from '@/parts/Badge';
import cells from '@/parts/cells.module.css';
import { ConfirmDialog } from '@/parts/ConfirmDialog';
import { type Column, DataTable } from '@/parts/DataTable';
import { EmptyState } from '@/parts/EmptyState';
import { useListQuery } from '@/parts/list_query';
import { notifyDone } from '@/parts/notify';
import { Panel } from '@/parts/Panel';
import { ScopeName } from '@/parts/ScopeName';
import { SearchedList } from '@/parts/SearchedList';
import { Time } from '@/parts/Time';
import { apiKeysKey } from '@/queries/api_keys';
import { early } from '@/queries/early';
import { useTranslation } from '@/texts/translation';

// Dialogs are loaded when they are opened.
const EditKeyDialog = lazy(async () => ({ default: (await import('./EditKeyDialog')).EditKeyDialog }));
const NewKeyDialog = lazy(async () => ({ default: (await import('./NewKeyDialog')).NewKeyDialog }));

const keySorts = ['name', '-name', 'expires_at', '-expires_at'] as const;

type Open = { dialog: 'new' } | { dialog: 'edit' | 'delete'; key: ApiKey };

export function ApiKeysPanel() {
  const { t } = useTranslation('settings');
  const { t: tCommon } = useTranslation();
  const client = useQueryClient();
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const { place } = usePlaces();
  const scope = scopeOf(place);
  const list = useListQuery({ name: 'keys', sorts: keySorts, place: `${place?.kind} ${place?.id}` });
  const query = { ...scope, ...list.query };
  const keys = useQuery({
    queryKey: [...apiKeysKey, query],
    ...early('/api/api-keys', query, () => call(api.GET('/api/api-keys', { params: { query } }))),
    placeholderData: keepPreviousData,
  });
  const columns = useMemo<Column<ApiKey>[]>(
    () => [
      { id: 'name', header: t('name'), phone: 'title', sort: 'name', cell: (key) => <span className={cells.strong}>{key.name}</span> },
      { id: 'prefix', header: t('keys.key'), cell: (key) => (key.prefix === '' ? tCommon('none') : <code className={cells.code}>{key.prefix}…</code>) },
      { id: 'scope', header: t('scope'), cell: (key) => <ScopeName scope={key.scope} /> },
      {
        id: 'rights',
        header: t('keys.rights'),
        cell: (key) => <span className={cells.row}>{key.rights.map((right) => <Badge key={right}>{t(`keys.right.${right}`)}</Badge>)}</span>,
      },
      { id: 'expires', header: t('keys.expires'), sort: 'expires_at', cell: (key) => <Expiry at={key.expires_at} /> },
      {
        id: 'actions',
        header: null,
        align: 'end',
        // The bootstrap key is the operator's, by flag or file.
        cell: (key) => key.prefix !== '' && (
          <ActionsMenu
            label={t('actions_of', { name: key.name })}
            actions={[
              { label: tCommon('edit'), icon: IconPencil, onClick: () => setOpen({ dialog: 'edit', key }) },
              { label: tCommon('delete'), icon: IconTrash, grave: true, onClick: () => setOpen({ dialog: 'delete', key }) },
            ]}
          />
        ),
      },
    ],
    [t, tCommon],
  );
  const create = (
    <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen({ dialog: 'new' })}>{t('keys.new')}</Button>
  );
  const remove = async (key: ApiKey) => {
    await call(api.DELETE('/api/api-keys/{id}', { params: { path: { id: key.id } } }));
    await client.invalidateQueries({ queryKey: apiKeysKey });
    notifyDone(t('keys.deleted'));
  };
  return (
    <Panel title={t('keys.title')} text={t('keys.text')} actions={create} flush id="api-keys">
      <SearchedList label={t('keys.search')} list={list} rows={keys} empty={<EmptyState icon={IconKey} title={t('keys.empty')} text={t('keys.empty_text')} />}>
        {(rows) => <DataTable label={t('keys.title')} columns={columns} rows={rows} rowId={({ id }) => id} sort={list.sort} onSort={list.orderBy} />}
      </SearchedList>
      {open?.dialog === 'new' && <Suspense fallback={null}><NewKeyDialog onClose={close} /></Suspense>}
      {open?.dialog === 'edit' && <Suspense fallback={null}><EditKeyDialog apiKey={open.key} onClose={close} /></Suspense>}
      {open?.dialog === 'delete' && (
        <ConfirmDialog
          opened
          danger
          title={t('keys.delete_title', { name: open.key.name })}
          text={t('keys.delete_text')}
          confirm={tCommon('delete')}
          onClose={close}
          onConfirm={() => remove(open.key)}
        />
      )}
    </Panel>
  );
}

function Expiry({ at }: { at: number | null }) {
  const { t } = useTranslation('settings');
  const [now] = useState(() => Date.now());
  if (at === null) return <span className={cells.faint}>{t('keys.never')}</span>;
  if (at <= now) return <Badge color="red">{t('keys.expired')}</Badge>;
  return <Time at={at} style="date" />;
}
