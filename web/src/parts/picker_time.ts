// Mantine's date pickers hold "2026-11-23 18:00:00", in the viewer's zone; everything else holds Unix milliseconds.
import { dateFormat } from '@/texts/formats';

export function toPicker(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

export function fromPicker(value: string | null): number | undefined {
  if (value === null || value === '') return undefined;
  const at = new Date(value.replace(' ', 'T')).getTime();
  return Number.isNaN(at) ? undefined : at;
}

// As the calendars write it, by the pattern of their library (dayjs): "D MMM YYYY, HH:mm".
export function formatMoment(value: string, pattern: string, language: string): string {
  const at = fromPicker(value);
  if (at === undefined) return value;
  const date = new Date(at);
  const two = (number: number) => String(number).padStart(2, '0');
  const parts: Record<string, () => string> = {
    YYYY: () => String(date.getFullYear()),
    MMMM: () => dateFormat(language, { month: 'long' }).format(date),
    MMM: () => dateFormat(language, { month: 'short' }).format(date),
    MM: () => two(date.getMonth() + 1),
    DD: () => two(date.getDate()),
    D: () => String(date.getDate()),
    HH: () => two(date.getHours()),
    mm: () => two(date.getMinutes()),
  };
  return pattern.replace(/YYYY|MMMM|MMM|MM|DD|D|HH|mm/g, (part) => parts[part]!());
}
