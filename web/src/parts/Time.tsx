// A moment in the viewer's zone and language; pointing at it shows UTC. Times are Unix milliseconds.
import { startTransition, useEffect, useState } from 'react';

import { localeOf } from '@/texts/i18n';
import { useTranslation } from '@/texts/translation';
import { formatAgo, formatTime, formatUtc, type TimeStyle } from './format_time';
import { Hint } from './Hint';

// For dates and numbers.
export function useLocale(): string {
  const { i18n } = useTranslation();
  return localeOf(i18n.language);
}

// One clock for all that tick alike.
class Clock {
  now = Date.now();
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly everyMs: number) {}

  readonly subscribe = (listener: () => void) => {
    if (this.listeners.size === 0) this.timer = setInterval(() => this.tick(), this.everyMs);
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) clearInterval(this.timer);
    };
  };

  private tick() {
    this.now = Date.now();
    startTransition(() => {
      for (const listener of this.listeners) listener();
    });
  }
}

const clocks = new Map<number, Clock>();

function clockOf(everyMs: number): Clock {
  let clock = clocks.get(everyMs);
  if (clock === undefined) {
    clock = new Clock(everyMs);
    clocks.set(everyMs, clock);
  }
  return clock;
}

// The time now, again every so many ms.
export function useNow(everyMs = 1_000): number {
  const clock = clockOf(everyMs);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => clock.subscribe(() => setNow(clock.now)), [clock]);
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

export function Time({ at, style = 'full' }: { at: number; style?: TimeStyle }) {
  const locale = useLocale();
  const utc = formatUtc(at);
  return (
    <Hint label={style === 'ago' ? `${formatTime(at, 'full', locale)}\n${utc}` : utc}>
      <time dateTime={new Date(at).toISOString()}>
        {style === 'ago' ? <Ago at={at} locale={locale} /> : formatTime(at, style, locale)}
      </time>
    </Hint>
  );
}
