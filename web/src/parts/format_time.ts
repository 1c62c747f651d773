// Moments as text; times are Unix milliseconds.
import { dateFormat, relativeFormat } from '@/texts/formats';

export type TimeStyle = 'full' | 'date' | 'time' | 'minute' | 'log' | 'hour' | 'ago';

const formats: Record<Exclude<TimeStyle, 'ago'>, Intl.DateTimeFormatOptions> = {
  full: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  date: { dateStyle: 'medium' },
  time: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  minute: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  hour: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  log: { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
};

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];

// "3 minutes ago", "in 2 hours".
export function formatAgo(at: number, now: number, locale: string): string {
  const format = relativeFormat(locale);
  const difference = at - now;
  for (const [unit, ms] of units) {
    if (Math.abs(difference) >= ms) return format.format(Math.trunc(difference / ms), unit);
  }
  return format.format(0, 'second');
}

export function formatUtc(at: number): string {
  return `${new Date(at).toISOString().replace('T', ' ').replace('Z', '')} UTC`;
}

export function formatTime(at: number, style: Exclude<TimeStyle, 'ago'>, locale: string): string {
  return dateFormat(locale, formats[style]).format(at);
}
