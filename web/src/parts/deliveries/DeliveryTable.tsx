// Deliveries as rows: what of, to whom, what became of it.
import { Anchor, Text } from '@mantine/core';
import { useMemo } from 'react';
import type { Delivery } from '@/api/schema';
import { Link } from '@/context/links';
import { usePlaces } from '@/context/place';

import { Badge } from '@/parts/Badge';
import { type Column, DataTable } from '@/parts/DataTable';
import { Time, useLocale, useNow } from '@/parts/Time';
import { VenueName } from '@/parts/VenueName';
import { useWebhooksOf } from '@/queries/webhooks';
import { numberFormat } from '@/texts/formats';
import { useTranslation } from '@/texts/translation';
import { ResponseCode } from './ResponseCode';
import { StatusBadge } from './StatusBadge';

// When the next attempt is due; one that is due already waits for its turn.
function Due({ at }: { at: number }) {
  const { t } = useTranslation('deliveries');
  const now = useNow();
  return at > now ? <Time at={at} style="ago" /> : t('waiting.now');
}

// `known`: what the page says already, of all of them.
interface DeliveryTableProps {
  deliveries: Delivery[];
  known: readonly ('resource' | 'venue')[];
}

export function DeliveryTable({ deliveries, known: said }: DeliveryTableProps) {
  const { t } = useTranslation('deliveries');
  const { t: tCommon } = useTranslation();
  const { place } = usePlaces();
  const webhooks = useWebhooksOf(deliveries.map(({ webhook_id: id }) => id));
  const known = webhooks.data;
  const manyVenues = place?.kind !== 'venue' && !said.includes('venue');
  const sayResource = !said.includes('resource');
  const locale = useLocale();
  const number = useMemo(() => numberFormat(locale), [locale]);
  const columns = useMemo<Column<Delivery>[]>(
    () => [
      { id: 'created', header: t('created'), width: 156, phone: 'line', cell: (delivery) => <Time at={delivery.created_at} style="log" /> },
      { id: 'status', header: t('status.label'), width: 108, phone: 'aside', cell: (delivery) => <StatusBadge delivery={delivery} /> },
      {
        id: 'event',
        header: t('event'),
        width: 152,
        phone: 'title',
        cell: (delivery) => (
          <>
            <Anchor component={Link} to={`/deliveries/${delivery.id}`} fw={600} inherit>{delivery.event}</Anchor>
            {delivery.test && <Badge color="grape" small style={{ marginInlineStart: 6 }}>{t('test')}</Badge>}
          </>
        ),
      },
      ...(sayResource ? [{ id: 'resource', header: t('resource'), phone: 'hidden' as const, cell: ({ resource_id: id }: Delivery) => <Text span inherit ff="monospace" fz="xs" title={id}>{id}</Text> }] : []),
      {
        id: 'webhook',
        header: t('webhook'),
        phone: 'line',
        cell: ({ webhook_id: id }) => {
          const webhook = known?.get(id);
          if (webhook !== undefined) return <Anchor component={Link} to={`/webhooks/${id}`} inherit title={webhook.name}>{webhook.name}</Anchor>;
          return known === undefined || webhooks.isPlaceholderData ? '…' : <Text span c="dimmed" inherit>{t('webhook_gone')}</Text>;
        },
      },
      ...(manyVenues ? [{ id: 'venue', header: t('venue'), phone: 'line' as const, cell: ({ venue_id: id }: Delivery) => <VenueName id={id} /> }] : []),
      {
        id: 'answer',
        header: t('answer'),
        width: 92,
        cell: ({ last_attempt: last }) => (last ? <ResponseCode code={last.status_code} errorClass={last.error_class} /> : tCommon('none')),
      },
      { id: 'took', header: 'ms', align: 'end', width: 60, phone: 'hidden', cell: ({ last_attempt: last }) => (last ? number.format(Math.round(last.duration_ms)) : tCommon('none')) },
      {
        id: 'attempts',
        header: t('attempts'),
        width: 148,
        cell: ({ next_attempt_at: next, attempt_count: count }) => (next === null || count === 0 ? count : <span>{count} · <Due at={next} /></span>),
      },
    ],
    [t, tCommon, known, webhooks.isPlaceholderData, manyVenues, sayResource, number],
  );
  return (
    <DataTable dense label={t('list.title')} columns={columns} rows={deliveries} rowId={({ id }) => id} rowLink={({ id }) => `/deliveries/${id}`} />
  );
}
