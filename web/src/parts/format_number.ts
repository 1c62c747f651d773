// Numbers as text, in the viewer's way.
import { numberFormat } from '@/texts/formats';

// "99.2 %"; it never rounds up to all.
export function formatRate(rate: number, locale: string): string {
  const shown = rate < 1 ? Math.min(rate, 0.999) : 1;
  return numberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(shown);
}

export function formatMs(ms: number | null, locale: string): string {
  if (ms === null) return '—';
  const digits = ms < 10 ? 1 : 0;
  return ms < 1_000
    ? `${numberFormat(locale, { maximumFractionDigits: digits }).format(ms)} ms`
    : `${numberFormat(locale, { maximumFractionDigits: 2 }).format(ms / 1_000)} s`;
}
