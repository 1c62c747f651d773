// The attempts of a delivery on a line of time: those that were made where they were made, those that are to come hollow,
// with the waits between them.
import { Text } from '@mantine/core';

import type { DeliveryDetail } from '@/api/schema';
import { formatShort } from '@/parts/format_duration';
import { formatTime } from '@/parts/format_time';
import { useLocale, useNow } from '@/parts/Time';
import { useTranslation } from '@/texts/translation';
import styles from './Timeline.module.css';

const height = 56;
const line = 22;
const radius = 6;
const refreshMs = 5_000;
// Percent of the width: what lies ahead has its own part, evenly spaced, as it may last hours beside seconds.
const edge = 3;
const pastWithFuture = 52;

interface Mark {
  x: number;
  number: number;
  state: 'good' | 'bad' | 'ahead';
  title: string;
}

interface TimelineProps {
  delivery: DeliveryDetail;
  // Its webhook is disabled: nothing is to come.
  halted: boolean;
}

export function Timeline({ delivery, halted }: TimelineProps) {
  const { t } = useTranslation('deliveries');
  const locale = useLocale();
  const now = useNow(refreshMs);
  const { attempts, created_at: created, next_attempt_at: next } = delivery;
  const waiting = delivery.status === 'pending' && next !== null && !halted;
  const ahead = waiting ? [Math.max(0, next - now), ...delivery.retry_waits_ms] : [];
  const last = attempts.at(-1);
  const begin = Math.min(created, attempts[0]?.started_at ?? created);
  const end = Math.max(begin + 1, last === undefined ? begin : last.started_at + last.duration_ms, waiting ? now : begin);
  const pastEnd = ahead.length > 0 ? pastWithFuture : 100 - edge;
  const xOf = (at: number) => edge + ((at - begin) / (end - begin)) * (pastEnd - edge);
  const past = attempts.map((attempt): Mark => ({
    x: attempts.length === 1 && !waiting ? edge : xOf(attempt.started_at),
    number: attempt.number,
    state: attempt.error === null ? 'good' : 'bad',
    title: `${t('attempt.title', { number: attempt.number })} · ${formatTime(attempt.started_at, 'log', locale)} · ${attempt.status_code ?? t(`class.${attempt.error?.class ?? 'internal'}`)}`,
  }));
  const step = (100 - edge - pastEnd) / Math.max(1, ahead.length);
  const future = ahead.map((wait, index): Mark => ({
    x: pastEnd + step * (index + 1),
    number: attempts.length + index + 1,
    state: 'ahead',
    title: t('timeline.after', { number: attempts.length + index + 1, wait: formatShort(wait, locale) }),
  }));
  const failed = past.filter(({ state }) => state === 'bad').length;
  const gone = next === null ? 0 : Math.max(next, now) + delivery.retry_waits_ms.reduce((sum, wait) => sum + wait, 0);
  return (
    <div>
      <svg className={styles.line} width="100%" height={height} role="img" aria-label={t('timeline.label', { count: attempts.length, failed, ahead: ahead.length })}>
        <line x1={`${edge}%`} x2={`${pastEnd}%`} y1={line} y2={line} className={styles.axis} />
        {ahead.length > 0 && <line x1={`${pastEnd}%`} x2={`${100 - edge}%`} y1={line} y2={line} className={styles.coming} />}
        {waiting && <line x1={`${pastEnd}%`} x2={`${pastEnd}%`} y1={line - 16} y2={line + 16} className={styles.now} />}
        {[...past, ...future].map(({ x, number, state, title }) => (
          <circle key={number} cx={`${x}%`} cy={line} r={radius} className={styles[state]}><title>{title}</title></circle>
        ))}
        <text x={`${edge}%`} y={height - 4} className={styles.word}>{formatTime(begin, 'time', locale)}</text>
        {waiting ? (
          <text x={`${pastEnd}%`} y={height - 4} textAnchor="middle" className={styles.word}>{t('timeline.now')}</text>
        ) : (
          end - begin > 1_000 && <text x={`${pastEnd}%`} y={height - 4} textAnchor="end" className={styles.word}>{formatTime(end, 'time', locale)}</text>
        )}
      </svg>
      {ahead.length > 1 && (
        <Text size="sm" c="dimmed">
          {t('timeline.then', { waits: delivery.retry_waits_ms.map((wait) => formatShort(wait, locale)).join(' · ') })}{' '}
          {t('timeline.gone', { time: formatTime(gone, 'log', locale) })}
        </Text>
      )}
    </div>
  );
}
