// Moments as text; times are Unix milliseconds.

export type TimeStyle = 'full' | 'date' | 'time' | 'ago';

const formats: Record<Exclude<TimeStyle, 'ago'>, Intl.DateTimeFormatOptions> = {
  full: { dateStyle: 'medium', timeStyle: 'medium' },
  date: { dateStyle: 'medium' },
  time: { timeStyle: 'medium' },
};

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];

// "3 minutes ago", "in 2 hours".
export function formatAgo(at: number, now: number, locale: string): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
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
  return new Intl.DateTimeFormat(locale, formats[style]).format(at);
}
