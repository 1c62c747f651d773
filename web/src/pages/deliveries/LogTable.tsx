// Deliveries as a log: a line each, chosen by a click or by keys, several marked to be sent again. It changes up to once a second:
// rows are rendered in pieces, and only those that say something else than before.
import { Checkbox } from '@mantine/core';
import clsx from 'clsx';
import { memo, useDeferredValue, useEffect, useMemo, useRef } from 'react';

import type { Delivery } from '@/api/schema';
import { Link } from '@/context/links';
import { usePlaces } from '@/context/place';
import { Badge } from '@/parts/Badge';
import { ResponseCode } from '@/parts/deliveries/ResponseCode';
import { StateWord } from '@/parts/deliveries/StateWord';
import { formatTime, formatUtc } from '@/parts/format_time';
import { RowCheckbox } from '@/parts/RowCheckbox';
import { useLocale } from '@/parts/Time';
import { useSubjects } from '@/queries/events';
import { useWebhooksOf } from '@/queries/webhooks';
import { numberFormat } from '@/texts/formats';
import { useTranslation } from '@/texts/translation';
import styles from './LogTable.module.css';

// As many as are seen at first.
const firstMax = 12;

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

export function LogTable({ deliveries: all, current, opened, marked, onMark, onOpen }: LogTableProps) {
  const { t } = useTranslation('deliveries');
  const { place, venues } = usePlaces();
  const webhooks = useWebhooksOf(all.map(({ webhook_id: id }) => id));
  const subjects = useSubjects(all.map(({ event_id: id }) => id)).data;
  const unknownWebhook = webhooks.data === undefined || webhooks.isPlaceholderData ? '…' : t('webhook_gone');
  const nameOfVenue = useMemo(() => new Map(venues.map(({ id, name }) => [id, name])), [venues]);
  const found = useMemo(() => ({ deliveries: all, webhooks: webhooks.data, unknownWebhook, subjects }), [all, webhooks.data, unknownWebhook, subjects]);
  const shown = useDeferredValue(found, { ...found, deliveries: all.slice(0, firstMax) });
  const manyVenues = place?.kind !== 'venue';
  const body = useRef<HTMLTableSectionElement>(null);
  useEffect(() => {
    body.current?.querySelector(`[data-current]`)?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const allMarked = all.length > 0 && all.every(({ id }) => marked.has(id));
  const rowOf = (target: EventTarget) => (target as Element).closest<HTMLElement>('tr')?.dataset['id'];
  const open = ({ target }: React.MouseEvent) => {
    if ((target as Element).closest('a, button, input, label') !== null || getSelection()?.toString()) return;
    const id = rowOf(target);
    if (id !== undefined) onOpen(id);
  };
  const change = ({ target }: React.ChangeEvent<HTMLElement>) => {
    const id = rowOf(target);
    if (id !== undefined) onMark?.([id], (target as HTMLInputElement).checked);
  };
  return (
    <table className={styles.log} aria-label={t('list.title')} aria-busy={shown !== found}>
      <thead>
        <tr>
          {onMark && (
            <th className={styles.mark}>
              <Checkbox size="xs" aria-label={t('bulk.all')} checked={allMarked} indeterminate={!allMarked && all.some(({ id }) => marked.has(id))} onChange={() => onMark(all.map(({ id }) => id), !allMarked)} />
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
      <tbody ref={body} onClick={open} onChange={change}>
        {shown.deliveries.map((delivery) => (
          <Row
            key={delivery.id}
            delivery={delivery}
            subject={shown.subjects?.get(delivery.event_id) ?? null}
            webhook={shown.webhooks?.get(delivery.webhook_id)?.name ?? shown.unknownWebhook}
            venue={manyVenues ? (nameOfVenue.get(delivery.venue_id) ?? delivery.venue_id) : null}
            current={delivery.id === current}
            opened={delivery.id === opened}
            marked={onMark === undefined ? null : marked.has(delivery.id)}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  delivery: Delivery;
  subject: string | null;
  webhook: string;
  // Null: the page is about one.
  venue: string | null;
  current: boolean;
  opened: boolean;
  // Null: it cannot be marked.
  marked: boolean | null;
}

// The table hears of clicks and marks.
const heard = () => {};

// The keys do the same as a click; the event is a link to the page.
const Row = memo(function Row({ delivery, subject, webhook, venue, current, opened, marked }: RowProps) {
  const { t } = useTranslation('deliveries');
  const { t: tCommon } = useTranslation();
  const locale = useLocale();
  const { id, created_at: created, event, resource_id: resource, last_attempt: last } = delivery;
  return (
    <tr className={clsx(styles.row, opened && styles.opened)} data-id={id} data-current={current || undefined} aria-current={opened || undefined}>
      {marked !== null && <td className={styles.mark}><RowCheckbox label={t('bulk.one', { event, subject: subject ?? resource })} checked={marked} onChange={heard} /></td>}
      <td className={styles.time}><time dateTime={new Date(created).toISOString()} title={formatUtc(created)}>{formatTime(created, 'log', locale)}</time></td>
      <td className={styles.state}><StateWord delivery={delivery} /></td>
      <td className={styles.event}>
        <Link to={`/deliveries/${id}`} className={styles.link}>{event}</Link>
        {delivery.test && <Badge color="grape" small style={{ marginInlineStart: 6 }}>{t('test')}</Badge>}
      </td>
      <td className={styles.subject} title={resource}>{subject ?? <span className={styles.id}>{resource}</span>}</td>
      <td className={styles.webhook}>{webhook}</td>
      {venue !== null && <td className={styles.venue}>{venue}</td>}
      <td className={styles.code}>{last ? <ResponseCode code={last.status_code} errorClass={last.error_class} /> : tCommon('none')}</td>
      <td className={styles.ms}>{last ? numberFormat(locale, { maximumFractionDigits: 0 }).format(last.duration_ms) : tCommon('none')}</td>
    </tr>
  );
}, isSame);

// A delivery that was asked for again is another object, and mostly says the same.
function isSame(before: RowProps, after: RowProps): boolean {
  const { delivery: then, ...rest } = before;
  const { delivery: now, ...others } = after;
  return (Object.keys(rest) as (keyof typeof rest)[]).every((name) => rest[name] === others[name]) && (then === now || JSON.stringify(then) === JSON.stringify(now));
}
