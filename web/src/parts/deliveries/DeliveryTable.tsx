// Deliveries as rows: what of, to whom, what became of it.
import { Anchor, Badge, Code as InlineCode, Group, Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { Delivery } from '@/api/schema';
import { type Column, DataTable } from '@/parts/DataTable';
import { Time } from '@/parts/Time';
import { useWebhooks } from '@/queries/webhooks';
import { ResponseCode } from './ResponseCode';
import { StatusBadge } from './StatusBadge';

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
