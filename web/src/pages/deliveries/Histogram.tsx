// The histogram shows what was delivered and what failed over time. Dragging over it narrows the list to that time.
import { Text } from '@mantine/core';
import { useMemo, useRef, useState } from 'react';

import { scopeOf, usePlaces } from '@/context/place';
import { Bars } from '@/parts/chart/Bars';
import { formatTime } from '@/parts/format_time';
import { useLocale, useNow } from '@/parts/Time';
import { usePlaceStatistics, useStatisticsBetween } from '@/queries/webhooks';
import { useTranslation } from '@/texts/translation';
import styles from './Histogram.module.css';

const width = 1_000;
const height = 44;
const hourMs = 3_600_000;
const refreshMs = 60_000;

interface HistogramProps {
  webhookId: string | undefined;
  since: number | undefined;
  until: number | undefined;
  onBrush: (since: number, until: number) => void;
}

// The hours of the last day; of the week, or the days of the month, where the list begins sooner.
export function stepsSince(since: number | undefined, now: Date): number[] {
  const back = since === undefined ? 0 : now.getTime() - since;
  const nextHour = new Date(now.getFullYear(), now.getMonth(), now.getDate(), now.getHours() + 1).getTime();
  const hours = (count: number) => Array.from({ length: count + 1 }, (_, i) => nextHour - (count - i) * hourMs);
  if (back <= 24 * hourMs) return hours(24);
  if (back <= 7 * 24 * hourMs) return hours(7 * 24);
  return Array.from({ length: 31 }, (_, i) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + i - 29).getTime());
}

export function Histogram({ webhookId, since, until, onBrush }: HistogramProps) {
  const { t } = useTranslation('deliveries');
  const locale = useLocale();
  const { place } = usePlaces();
  const hour = Math.floor(useNow(refreshMs) / hourMs);
  const moments = useMemo(() => stepsSince(since, new Date(hour * hourMs)), [since, hour]);
  const ofPlace = usePlaceStatistics(scopeOf(place), moments, webhookId === undefined);
  const ofWebhook = useStatisticsBetween(webhookId ?? '', moments);
  const series = (webhookId === undefined ? ofPlace : ofWebhook).data?.series;
  const [pointed, setPointed] = useState<number | null>(null);
  const [drag, setDrag] = useState<[number, number] | null>(null);
  const plot = useRef<SVGSVGElement>(null);
  const count = moments.length - 1;
  const steps = moments.slice(0, -1).map((at, index) => {
    const found = series?.[index];
    return found?.at === at ? found : { at, delivered: 0, failed: 0, failed_attempts: 0 };
  });
  const step = width / count;
  const indexAt = (clientX: number) => {
    const box = plot.current!.getBoundingClientRect();
    return Math.min(count - 1, Math.max(0, Math.floor(((clientX - box.left) / box.width) * count)));
  };
  const toX = (at: number) => {
    const index = moments.findIndex((moment) => moment > at);
    if (index <= 0) return index === 0 ? 0 : width;
    const [from, to] = [moments[index - 1]!, moments[index]!];
    return (index - 1 + (at - from) / (to - from)) * step;
  };
  const chosen = drag
    ? [Math.min(...drag) * step, (Math.max(...drag) + 1) * step]
    : since !== undefined || until !== undefined ? [toX(since ?? 0), toX(until ?? Infinity)] : null;
  const shown = pointed === null ? undefined : steps[pointed];
  const sum = (name: 'delivered' | 'failed_attempts', of: typeof steps) => of.reduce((total, each) => total + each[name], 0);
  const said = shown === undefined ? steps : [shown];
  const words = t('histogram.figures', { delivered: sum('delivered', said).toLocaleString(locale), failed: sum('failed_attempts', said).toLocaleString(locale) });
  const when = shown === undefined ? t(count === 24 ? 'histogram.day' : count > 24 && count < 32 ? 'histogram.month' : 'histogram.week') : formatTime(shown.at, count < 32 && count > 24 ? 'date' : 'hour', locale);
  return (
    <div className={styles.block}>
      <svg
        ref={plot}
        className={styles.plot}
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${t('histogram.label')}: ${words}`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          const at = indexAt(event.clientX);
          setDrag([at, at]);
        }}
        onPointerMove={(event) => {
          const at = indexAt(event.clientX);
          setPointed(at);
          if (drag) setDrag([drag[0], at]);
        }}
        onPointerLeave={() => setPointed(null)}
        onPointerCancel={() => setDrag(null)}
        onPointerUp={() => {
          if (!drag) return;
          setDrag(null);
          onBrush(moments[Math.min(...drag)]!, moments[Math.max(...drag) + 1]!);
        }}
      >
        {chosen && <rect className={styles.chosen} x={chosen[0]} y={0} width={Math.max(2, chosen[1]! - chosen[0]!)} height={height} />}
        {pointed !== null && <rect className={styles.pointed} x={pointed * step} y={0} width={step} height={height} />}
        <Bars steps={steps} width={width} height={height} gap={step * 0.1} />
      </svg>
      <Text size="xs" c="dimmed" className={styles.words} aria-hidden>{when} · {words}</Text>
    </div>
  );
}
