// Lengths of time as text, in the viewer's way.
import { numberFormat } from '@/texts/formats';

const units: ['day' | 'hour' | 'minute' | 'second', number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];

// "1 hr 3 min": the largest unit and, where something is left, the next one.
export function formatWait(ms: number, locale: string): string {
  const whole = Math.round(ms / 1_000) * 1_000;
  const first = units.findIndex(([, size]) => whole >= size);
  const used = units.slice(first === -1 ? -1 : first).slice(0, 2);
  let rest = whole;
  return used
    .map(([unit, size], index) => {
      const count = Math.floor(rest / size);
      rest -= count * size;
      if (count === 0 && index > 0) return '';
      return numberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(count);
    })
    .filter((part) => part !== '')
    .join(' ');
}
