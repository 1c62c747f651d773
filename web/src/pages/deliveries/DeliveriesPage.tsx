// Deliveries as they happen, newest first, filtered; the way to one of them, and to sending many again.
import { Anchor, Badge, Button, Code as InlineCode, Group, Stack, Switch, Text } from '@mantine/core';
import { IconListDetails, IconRefresh } from '@tabler/icons-react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { api, call } from '../../api/client';
import type { Delivery } from '../../api/schema';
import { useStream } from '../../api/stream';
import { useMay } from '../../app/session';
import { CursorPager, useCursor } from '../../parts/CursorPager';
import { type Column, DataTable } from '../../parts/DataTable';
import { EmptyState } from '../../parts/EmptyState';
import { Loaded } from '../../parts/Loaded';
import { Page } from '../../parts/Page';
import { Panel } from '../../parts/Panel';
import { Time } from '../../parts/Time';
import { useWebhooks } from '../webhooks/queries';
import { type DeliveryFilter, useFilter } from './filter';
import { FilterBar } from './FilterBar';
import { ResponseCode } from './ResponseCode';
import { SendAgainDialog } from './SendAgainDialog';
import { StatusBadge } from './StatusBadge';

const pageSize = 50;
// However much happens, the list is asked again no oftener than this.
const liveMs = 1_000;

export const deliveriesKey = ['deliveries'] as const;

export function DeliveriesPage() {
  const { t } = useTranslation('deliveries');
  const may = useMay();
  const { filter, change, clear } = useFilter();
  const [live, setLive] = useState(true);
  const [sending, setSending] = useState(false);
  const paging = useCursor(JSON.stringify(filter));
  const deliveries = useDeliveries(filter, paging.cursor);
  useLive(live && paging.page === 1);
  const filtered = Object.keys(filter).length > 0;
  return (
    <Page
      title={t('list.title')}
      text={t('list.text')}
      actions={
        <>
          <Switch label={t('list.live')} checked={live} onChange={({ currentTarget }) => setLive(currentTarget.checked)} />
          {may.manage && (
            <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => setSending(true)}>{t('again.button')}</Button>
          )}
        </>
      }
    >
      <FilterBar filter={filter} change={change} clear={filtered ? clear : undefined} />
      <Panel flush>
        <Loaded query={deliveries}>
          {(page) =>
            page.data.length === 0 ? (
              <EmptyState
                icon={IconListDetails}
                title={t(filtered ? 'list.none' : 'list.empty')}
                text={t(filtered ? 'list.none_text' : 'list.empty_text')}
              >
                {filtered && <Button variant="default" onClick={clear}>{t('filter.clear')}</Button>}
              </EmptyState>
            ) : (
              <>
                <DeliveryTable deliveries={page.data} />
                <CursorPager state={paging} nextCursor={page.next_cursor} />
              </>
            )
          }
        </Loaded>
      </Panel>
      {sending && <SendAgainDialog filter={filter} onClose={() => setSending(false)} />}
    </Page>
  );
}

function useDeliveries(filter: DeliveryFilter, cursor: string | undefined) {
  return useQuery({
    queryKey: [...deliveriesKey, filter, cursor],
    queryFn: () => call(api.GET('/api/deliveries', { params: { query: { ...filter, limit: pageSize, ...(cursor && { cursor }) } } })),
    placeholderData: keepPreviousData,
  });
}

// Asks again when something happened, once for all that happens within a second.
function useLive(enabled: boolean) {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const refresh = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void client.invalidateQueries({ queryKey: deliveriesKey });
    }, liveMs);
  };
  useStream({ onDelivery: refresh, onAttempt: refresh, onGap: refresh }, enabled);
}

export function DeliveryTable({ deliveries }: { deliveries: Delivery[] }) {
  const { t } = useTranslation('deliveries');
  const { t: tCommon } = useTranslation();
  const webhooks = useWebhooks();
  const names = useMemo(() => new Map(webhooks.data?.map(({ id, name }) => [id, name])), [webhooks.data]);
  const columns = useMemo<Column<Delivery>[]>(
    () => [
      {
        id: 'event',
        header: t('event'),
        cell: (delivery) => (
          <Stack gap={2}>
            <Group gap={6}>
              <Anchor component={Link} to={`/deliveries/${delivery.id}`} fw={600} inherit>{delivery.event}</Anchor>
              {delivery.test && <Badge color="grape" size="sm">{t('test')}</Badge>}
            </Group>
            <InlineCode style={{ overflowWrap: 'anywhere' }}>{delivery.resource_id}</InlineCode>
          </Stack>
        ),
      },
      {
        id: 'webhook',
        header: t('webhook'),
        cell: ({ webhook_id: id }) => {
          const name = names.get(id);
          return name === undefined ? <Text c="dimmed" inherit>{t('webhook_gone')}</Text> : <Anchor component={Link} to={`/webhooks/${id}`} inherit>{name}</Anchor>;
        },
      },
      { id: 'status', header: t('status.label'), cell: (delivery) => <StatusBadge delivery={delivery} /> },
      {
        id: 'answer',
        header: t('answer'),
        cell: ({ last_attempt: last }) => (last ? <ResponseCode code={last.status_code} errorClass={last.error_class} /> : tCommon('none')),
      },
      { id: 'attempts', header: t('attempts'), align: 'end', cell: (delivery) => delivery.attempt_count },
      {
        id: 'next',
        header: t('next_attempt'),
        cell: ({ next_attempt_at: next, attempt_count: count }) => (next === null || count === 0 ? tCommon('none') : <Time at={next} style="ago" />),
      },
      { id: 'created', header: t('created'), cell: (delivery) => <Time at={delivery.created_at} /> },
    ],
    [t, tCommon, names],
  );
  return (
    <DataTable label={t('list.title')} columns={columns} rows={deliveries} rowId={({ id }) => id} rowLink={({ id }) => `/deliveries/${id}`} />
  );
}
