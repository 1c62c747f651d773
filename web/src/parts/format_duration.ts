// Spans of time as text.
import { numberFormat } from '@/texts/formats';

const units: ['hour' | 'minute' | 'second', number][] = [['hour', 3_600_000], ['minute', 60_000], ['second', 1_000]];

// "21 s", "1.5 min", "1 h": in the largest unit that fits.
export function formatShort(ms: number, locale: string): string {
  const [unit, size] = units.find(([, each]) => ms >= each) ?? ['second', 1_000];
  const digits = ms / size < 10 && unit !== 'second' ? 1 : 0;
  return numberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits }).format(ms / size);
}
