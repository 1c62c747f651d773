// Settings > Notices: whom the server tells that a webhook fails, with a test, and what each was told.
import { Button, Group, Text } from '@mantine/core';
import { IconBell, IconList, IconPencil, IconPlus, IconSend, IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';

import { allPages } from '@/api/all_pages';
import { api, call } from '@/api/client';
import type { NoticeChannel } from '@/api/schema';
import { useMay } from '@/context/session';
import { ActionsMenu } from '@/parts/ActionsMenu';
import { Badge } from '@/parts/Badge';
import { ConfirmDialog } from '@/parts/ConfirmDialog';
import { type Column, DataTable } from '@/parts/DataTable';
import { EmptyState } from '@/parts/EmptyState';
import { FormError } from '@/parts/FormError';
import { Loaded } from '@/parts/Loaded';
import { notifyDone } from '@/parts/notify';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { ScopeName } from '@/parts/ScopeName';
import { useTranslation } from '@/texts/translation';
import { Addresses } from './Addresses';
import { channelsKey, noticesKey } from './keys';
import { ToldPanel } from './ToldPanel';

// Dialogs are loaded when they are opened.
const ChannelDialog = lazy(async () => ({ default: (await import('./ChannelDialog')).ChannelDialog }));

type Open = { dialog: 'new' } | { dialog: 'edit' | 'delete'; channel: NoticeChannel };

export function NoticesPage() {
  const { t } = useTranslation('notices');
  const may = useMay();
  const [open, setOpen] = useState<Open | null>(null);
  const [told, setTold] = useState<NoticeChannel | null>(null);
  const [error, setError] = useState<unknown>(null);
  const client = useQueryClient();
  const close = () => setOpen(null);
  const channels = useQuery({
    queryKey: channelsKey,
    queryFn: () => allPages((page) => call(api.GET('/api/notice-channels', { params: { query: page } }))),
    enabled: may.manage,
  });
  const test = async (channel: NoticeChannel) => {
    setError(null);
    try {
      await call(api.POST('/api/notice-channels/{id}/test', { params: { path: { id: channel.id } } }));
      notifyDone(t('test_queued'));
      setTold(channel);
      await client.invalidateQueries({ queryKey: noticesKey(channel.id) });
    } catch (failure) {
      setError(failure);
    }
  };
  const create = may.manage && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen({ dialog: 'new' })}>{t('new')}</Button>
  );
  return (
    <Page title={t('title')} text={t('text')} actions={create}>
      <FormError error={error} />
      <Panel flush>
        <Loaded query={channels}>
          {(data) =>
            data.length === 0 ? (
              <EmptyState icon={IconBell} title={t('empty')} text={t('empty_text')}>{create}</EmptyState>
            ) : (
              <ChannelTable channels={data} onOpen={setOpen} onTest={(channel) => void test(channel)} onTold={setTold} />
            )
          }
        </Loaded>
      </Panel>
      {told && <ToldPanel key={told.id} channel={told} />}
      {open?.dialog === 'new' && <Suspense fallback={null}><ChannelDialog onClose={close} /></Suspense>}
      {open?.dialog === 'edit' && <Suspense fallback={null}><ChannelDialog channel={open.channel} onClose={close} /></Suspense>}
      {open?.dialog === 'delete' && (
        <ConfirmDialog
          opened
          danger
          title={t('delete_title', { name: open.channel.name })}
          text={t('delete_text')}
          confirm={t('delete')}
          onClose={close}
          onConfirm={async () => {
            await call(api.DELETE('/api/notice-channels/{id}', { params: { path: { id: open.channel.id } } }));
            if (told?.id === open.channel.id) setTold(null);
            await client.invalidateQueries({ queryKey: channelsKey });
          }}
        />
      )}
    </Page>
  );
}

// An e-mail channel reaches nobody before a recipient has confirmed.
const reaches = ({ kind, recipients, unconfirmed }: NoticeChannel) => kind !== 'email' || unconfirmed.length < recipients.length;

interface TableProps {
  channels: NoticeChannel[];
  onOpen: (open: Open) => void;
  onTest: (channel: NoticeChannel) => void;
  onTold: (channel: NoticeChannel) => void;
}

function ChannelTable({ channels, onOpen, onTest, onTold }: TableProps) {
  const { t } = useTranslation('notices');
  const columns = useMemo<Column<NoticeChannel>[]>(
    () => [
      {
        id: 'name',
        header: t('name'),
        phone: 'title',
        cell: (channel) => (
          <Group gap="xs">
            <Text fw={600} inherit>{channel.name}</Text>
            {!channel.enabled && <Badge color="gray">{t('off')}</Badge>}
          </Group>
        ),
      },
      { id: 'kind', header: t('kind'), phone: 'line', cell: ({ kind }) => t(`kinds.${kind}`) },
      {
        id: 'address',
        header: t('address'),
        phone: 'line',
        cell: (channel) => <Addresses channel={channel} />,
      },
      { id: 'scope', header: t('scope'), cell: ({ scope }) => <ScopeName scope={scope} /> },
      {
        id: 'actions',
        header: null,
        align: 'end',
        cell: (channel) => (
          <ActionsMenu
            label={t('actions_of', { name: channel.name })}
            actions={[
              { label: t('test'), icon: IconSend, disabled: !channel.enabled || !reaches(channel), onClick: () => onTest(channel) },
              { label: t('show_told'), icon: IconList, onClick: () => onTold(channel) },
              { label: t('edit'), icon: IconPencil, onClick: () => onOpen({ dialog: 'edit', channel }) },
              { label: t('delete'), icon: IconTrash, grave: true, onClick: () => onOpen({ dialog: 'delete', channel }) },
            ]}
          />
        ),
      },
    ],
    [t, onOpen, onTest, onTold],
  );
  return <DataTable label={t('title')} columns={columns} rows={channels} rowId={({ id }) => id} />;
}
