// Inboxes: receivers of this server, for those who have no endpoint of their own yet.
import { Button } from '@mantine/core';
import { IconInbox, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { memo, useDeferredValue, useState } from 'react';

import { api, call } from '@/api/client';
import type { Inbox } from '@/api/schema';
import { scopeOf, usePlaces } from '@/context/place';
import { useMay } from '@/context/session';
import { ConfirmDialog } from '@/parts/ConfirmDialog';
import { EmptyState } from '@/parts/EmptyState';
import { FormError } from '@/parts/FormError';
import { InboxPanel } from '@/parts/inboxes/InboxPanel';
import { useListQuery } from '@/parts/list_query';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { SearchedList } from '@/parts/SearchedList';
import { inboxesKey, inboxSorts, useInboxPage } from '@/queries/inboxes';
import { useTranslation } from '@/texts/translation';

const shownMax = 10;

export function InboxesPage() {
  const { t } = useTranslation('inboxes');
  const { t: tCommon } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const { place } = usePlaces();
  // Each shows its requests, which are asked for again and again: a few at a time.
  const list = useListQuery({ sorts: inboxSorts, place: `${place?.kind} ${place?.id}` });
  const inboxes = useInboxPage(scopeOf(place), { ...list.query, limit: shownMax });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [deleting, setDeleting] = useState<Inbox | null>(null);
  const make = async () => {
    setBusy(true);
    setError(null);
    try {
      await call(api.POST('/api/inboxes', { body: { scope: place!.scope!, name: t('default_name') } }));
      await client.invalidateQueries({ queryKey: inboxesKey });
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const create = may.manage && place?.scope && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => void make()} loading={busy}>{t('new')}</Button>
  );
  return (
    <Page title={t('title')} text={t('page_text')} actions={create}>
      <FormError error={error} />
      <SearchedList
        label={t('search')}
        list={list}
        rows={inboxes}
        empty={<Panel><EmptyState icon={IconInbox} title={t('none')} text={t(may.manage && !create ? 'none_text_place' : 'none_text')}>{create}</EmptyState></Panel>}
      >
        {(rows) => <Panels rows={rows} onDelete={may.manage ? setDeleting : null} />}
      </SearchedList>
      {deleting && (
        <ConfirmDialog
          opened
          danger
          title={t('delete_title')}
          text={t('delete_text')}
          confirm={tCommon('delete')}
          onClose={() => setDeleting(null)}
          onConfirm={async () => {
            await call(api.DELETE('/api/inboxes/{id}', { params: { path: { id: deleting.id } } }));
            await client.invalidateQueries({ queryKey: inboxesKey });
          }}
        />
      )}
    </Page>
  );
}

// The first ones at once; the others come after them, one by one, so that they hold nothing up.
const firstMax = 2;

function Panels({ rows, onDelete }: { rows: Inbox[]; onDelete: ((inbox: Inbox) => void) | null }) {
  return useDeferredValue(rows, rows.slice(0, firstMax)).map((inbox) => <OnePanel key={inbox.id} inbox={inbox} onDelete={onDelete} />);
}

const OnePanel = memo(function OnePanel({ inbox, onDelete }: { inbox: Inbox; onDelete: ((inbox: Inbox) => void) | null }) {
  const { t } = useTranslation();
  const remove = onDelete !== null && (
    <Button variant="default" size="xs" leftSection={<IconTrash size={14} aria-hidden />} onClick={() => onDelete(inbox)}>{t('delete')}</Button>
  );
  return <InboxPanel inbox={inbox} actions={remove} />;
});
