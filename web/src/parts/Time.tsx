// A moment in the viewer's zone and language; pointing at it shows UTC. Times are Unix milliseconds.
import { Text, Tooltip } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';

import { localeOf } from '@/texts/i18n';
import { useTranslation } from '@/texts/translation';
import { formatAgo, formatTime, formatUtc, type TimeStyle } from './format_time';

// For dates and numbers.
export function useLocale(): string {
  const { i18n } = useTranslation();
  return localeOf(i18n.language);
}

// The time now, again every so many ms.
export function useNow(everyMs = 1_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

const recentMs = 120_000;
const agoMs = { recent: 1_000, old: 30_000 };

function Ago({ at, locale }: { at: number; locale: string }) {
  const [recent, setRecent] = useState(true);
  const now = useNow(recent ? agoMs.recent : agoMs.old);
  if (recent !== Math.abs(now - at) < recentMs) setRecent(!recent);
  return formatAgo(at, now, locale);
}

// A tooltip weighs more than all else of a row, and most times are never pointed at.
const hintAfterMs = 250;

export function Time({ at, style = 'full' }: { at: number; style?: TimeStyle }) {
  const locale = useLocale();
  const [near, setNear] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const time = (
    <time
      dateTime={new Date(at).toISOString()}
      onPointerEnter={() => {
        timer.current = setTimeout(() => setNear(true), hintAfterMs);
      }}
      onPointerLeave={() => clearTimeout(timer.current)}
    >
      {style === 'ago' ? <Ago at={at} locale={locale} /> : formatTime(at, style, locale)}
    </time>
  );
  if (!near) return time;
  const hint = style === 'ago' ? `${formatTime(at, 'full', locale)}\n${formatUtc(at)}` : formatUtc(at);
  return <Tooltip defaultOpened label={<Text size="xs" style={{ whiteSpace: 'pre' }}>{hint}</Text>}>{time}</Tooltip>;
}
