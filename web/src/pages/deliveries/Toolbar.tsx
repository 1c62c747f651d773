// The toolbar narrows the log, in a line: times, states, kept views, and what else is chosen as chips; the fields behind a button.
import { Button, Group, Pill } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconX } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';

import type { DeliveryStatus } from '@/api/schema';
import { formatTime } from '@/parts/format_time';
import { OnDemand } from '@/parts/OnDemand';
import { useLocale } from '@/parts/Time';
import { useWebhookLabel } from '@/parts/webhooks/webhook_label';
import { useWebhook } from '@/queries/webhooks';
import { useTranslation } from '@/texts/translation';
import { type FilterChanges, ranges, type useFilter } from './filter';
import styles from './Toolbar.module.css';
import { ViewsFace } from './ViewsFace';

// Comes when it is opened: calendars weigh more than the list.
const FilterBar = lazy(async () => ({ default: (await import('./FilterBar')).FilterBar }));

const statuses: DeliveryStatus[] = ['pending', 'delivered', 'failed', 'canceled'];

export function Toolbar({ control }: { control: ReturnType<typeof useFilter> }) {
  const { t } = useTranslation('deliveries');
  const [open, setOpen] = useState(false);
  const { filter, range, change, changeRange, clear } = control;
  const chips = useChips(control);
  return (
    <div className={styles.toolbar}>
      <Group gap="xs" className={styles.line} role="group" aria-label={t('filter.button')}>
        <div className={styles.segments} role="group" aria-label={t('time')}>
          <Choice on={range === null && filter.since === undefined && filter.until === undefined} onClick={() => changeRange(null)}>{t('range.all')}</Choice>
          {ranges.map((each) => <Choice key={each} on={range === each} onClick={() => changeRange(each)}>{t(`range.${each}`)}</Choice>)}
        </div>
        <div className={styles.segments} role="group" aria-label={t('status.label')}>
          <Choice on={filter.status === undefined} onClick={() => change({ status: undefined })}>{t('filter.all')}</Choice>
          {statuses.map((status) => (
            <Choice key={status} on={filter.status === status} onClick={() => change({ status: filter.status === status ? undefined : status })}>{t(`status.${status}`)}</Choice>
          ))}
        </div>
        <Button size="compact-sm" variant={open ? 'light' : 'default'} leftSection={<IconAdjustmentsHorizontal size={14} aria-hidden />} aria-expanded={open} onClick={() => setOpen(!open)}>
          {chips.length === 0 ? t('filter.button') : t('filter.button_count', { number: chips.length })}
        </Button>
        <Views control={control} />
      </Group>
      {(chips.length > 0 || filter.status !== undefined) && (
        <Group gap={6} className={styles.chips}>
          {chips.map(({ key, text, without }) => (
            <Pill key={key} size="sm" withRemoveButton onRemove={() => change(without)} removeButtonProps={{ 'aria-label': t('filter.take_off', { what: text }), 'aria-hidden': false, tabIndex: 0 }}>{text}</Pill>
          ))}
          <Button size="compact-xs" variant="subtle" leftSection={<IconX size={12} aria-hidden />} onClick={clear}>{t('filter.clear')}</Button>
        </Group>
      )}
      {open && <Suspense fallback={null}><FilterBar filter={filter} change={change} /></Suspense>}
    </div>
  );
}

function Choice({ on, onClick, children }: { on: boolean; onClick: () => void; children: string }) {
  return <button type="button" className={styles.choice} aria-pressed={on} onClick={onClick}>{children}</button>;
}

interface Chip {
  key: string;
  text: string;
  without: FilterChanges;
}

function useChips({ filter, range }: ReturnType<typeof useFilter>): Chip[] {
  const { t } = useTranslation('deliveries');
  const locale = useLocale();
  const labelOf = useWebhookLabel();
  const webhook = useWebhook(filter.webhook_id ?? '').data;
  const chips: Chip[] = [];
  const add = (name: keyof FilterChanges, text: string) => chips.push({ key: name, text, without: { [name]: undefined } });
  if (filter.webhook_id !== undefined) add('webhook_id', webhook ? labelOf(webhook) : t('webhook'));
  if (filter.event !== undefined) add('event', filter.event);
  if (filter.status_code !== undefined) add('status_code', filter.status_code === 'none' ? t('filter.no_answer') : filter.status_code);
  if (filter.resource_id !== undefined) add('resource_id', filter.resource_id);
  if (range === null && (filter.since !== undefined || filter.until !== undefined)) {
    const [from, to] = [filter.since, filter.until].map((at) => (at === undefined ? '…' : formatTime(at, 'hour', locale)));
    chips.push({ key: 'time', text: `${from} – ${to}`, without: { since: undefined, until: undefined } });
  }
  return chips;
}

function Views({ control }: { control: ReturnType<typeof useFilter> }) {
  return <OnDemand load={() => import('./ViewsMenu')} props={{ control }} button={(opener) => <ViewsFace {...opener} />} />;
}
