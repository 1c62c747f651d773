// Deliveries as a log: a line each, chosen by a click or by keys, several marked to be sent again.
import { Anchor, Badge, Checkbox, Text } from '@mantine/core';
import clsx from 'clsx';
import { useEffect, useRef } from 'react';

import type { Delivery } from '@/api/schema';
import { Link } from '@/app/links';
import { usePlaces } from '@/app/place';
import { ResponseCode } from '@/parts/deliveries/ResponseCode';
import { StateWord } from '@/parts/deliveries/StateWord';
import { formatTime, formatUtc } from '@/parts/format_time';
import { RowCheckbox } from '@/parts/RowCheckbox';
import { useLocale } from '@/parts/Time';
import { useSubjects } from '@/queries/events';
import { useWebhooksOf } from '@/queries/webhooks';
import { useTranslation } from '@/texts/translation';
import styles from './LogTable.module.css';

interface LogTableProps {
  deliveries: Delivery[];
  // The one that the keys are at.
  current: string | null;
  opened: string | null;
  marked: ReadonlySet<string>;
  // Absent for who may not send again.
  onMark?: (ids: string[], on: boolean) => void;
  onOpen: (id: string) => void;
}

export function LogTable({ deliveries, current, opened, marked, onMark, onOpen }: LogTableProps) {
  const { t } = useTranslation('deliveries');
  const { t: tCommon } = useTranslation();
  const locale = useLocale();
  const { place, venues } = usePlaces();
  const webhooks = useWebhooksOf(deliveries.map(({ webhook_id: id }) => id));
  const subjects = useSubjects(deliveries.map(({ event_id: id }) => id)).data;
  const manyVenues = place?.kind !== 'venue';
  const nameOfVenue = new Map(venues.map(({ id, name }) => [id, name]));
  const body = useRef<HTMLTableSectionElement>(null);
  useEffect(() => {
    body.current?.querySelector(`[data-current]`)?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const all = deliveries.length > 0 && deliveries.every(({ id }) => marked.has(id));
  const ms = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const open = (event: React.MouseEvent, id: string) => {
    if ((event.target as Element).closest('a, button, input, label') !== null || getSelection()?.toString()) return;
    onOpen(id);
  };
  const webhookCell = (id: string) => {
    const found = webhooks.data?.get(id);
    if (found !== undefined) return found.name;
    return webhooks.data === undefined || webhooks.isPlaceholderData ? '…' : t('webhook_gone');
  };
  return (
    <table className={styles.log} aria-label={t('list.title')}>
      <thead>
        <tr>
          {onMark && (
            <th className={styles.mark}>
              <Checkbox size="xs" aria-label={t('bulk.all')} checked={all} indeterminate={!all && deliveries.some(({ id }) => marked.has(id))} onChange={() => onMark(deliveries.map(({ id }) => id), !all)} />
            </th>
          )}
          <th className={styles.time}>{t('time')}</th>
          <th className={styles.state}>{t('status.label')}</th>
          <th className={styles.event}>{t('event')}</th>
          <th>{t('subject')}</th>
          <th className={styles.webhook}>{t('webhook')}</th>
          {manyVenues && <th className={styles.venue}>{t('venue')}</th>}
          <th className={styles.code}>{t('code')}</th>
          <th className={styles.ms}>ms</th>
        </tr>
      </thead>
      <tbody ref={body}>
        {deliveries.map((delivery) => {
          const { id, created_at: created, event, event_id: eventId, resource_id: resource, venue_id: venue, last_attempt: last } = delivery;
          const subject = subjects?.get(eventId);
          return (
            // The keys do the same; the event is a link to the page.
            <tr
              key={id}
              className={clsx(styles.row, id === opened && styles.opened)}
              data-current={id === current || undefined}
              aria-current={id === opened || undefined}
              onClick={(click) => open(click, id)}
            >
              {onMark && (
                <td className={styles.mark}>
                  <RowCheckbox label={t('bulk.one', { event, subject: subject ?? resource })} checked={marked.has(id)} onChange={(checked) => onMark([id], checked)} />
                </td>
              )}
              <td className={styles.time}><time dateTime={new Date(created).toISOString()} title={formatUtc(created)}>{formatTime(created, 'log', locale)}</time></td>
              <td className={styles.state}><StateWord delivery={delivery} /></td>
              <td className={styles.event}>
                <Anchor component={Link} to={`/deliveries/${id}`} fw={600} inherit>{event}</Anchor>
                {delivery.test && <Badge color="grape" size="xs" ml={6}>{t('test')}</Badge>}
              </td>
              <td className={styles.subject} title={resource}>{subject ?? <Text span inherit ff="monospace" fz="xs">{resource}</Text>}</td>
              <td className={styles.webhook}>{webhookCell(delivery.webhook_id)}</td>
              {manyVenues && <td className={styles.venue}>{nameOfVenue.get(venue) ?? venue}</td>}
              <td className={styles.code}>{last ? <ResponseCode code={last.status_code} errorClass={last.error_class} /> : tCommon('none')}</td>
              <td className={styles.ms}>{last ? ms.format(last.duration_ms) : tCommon('none')}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
