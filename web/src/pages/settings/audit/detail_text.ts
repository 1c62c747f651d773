// Details of the audit log in the reader's language. The server writes a detail as an English text, in one of a few forms; each
// form is known here by its pattern. A text of another form is shown as it is.
import { formatShort } from '@/parts/format_duration';

// A detail is the key of a text (audit.json, "details") and the values that the text names.
export interface Detail {
  key: string;
  values: Record<string, string | number>;
}

const roles = 'administrator|manager|viewer';
const forms: [RegExp, string][] = [
  [/^from (?<network>\S+), wrong code$/, 'wrong_code'],
  [/^from (?<network>\S+)$/, 'from'],
  [/^with a code$/, 'with_code'],
  [/^with a recovery code$/, 'with_recovery_code'],
  [/^invitation$/, 'invitation'],
  [/^reset$/, 'reset'],
  [/^link$/, 'link'],
  [/^by shakehook user reset$/, 'by_operator'],
  [/^second factor off$/, 'second_factor_off'],
  [/^without an overlap$/, 'no_overlap'],
  [/^with an overlap of (?<seconds>\d+) s$/, 'overlap'],
  [/^in the venue (?<venue>.+)$/, 'in_venue'],
  [/^(?<count>\d+) rows of \w+ into the venue (?<venue>.+)$/, 'rows'],
  [/^(?<created>\d+) created, (?<changed>\d+) changed, (?<unchanged>\d+) as they were, (?<refused>\d+) refused, in the venue (?<venue>.+)$/, 'imported'],
  [/^of (?<count>\d+) deliveries of the webhook (?<webhook>.+)$/, 'replay'],
  [/^It will be disabled after (?<count>\d+) days? in which/, 'warned'],
  [/^It was disabled after (?<count>\d+) days? in which/, 'failed_too_long'],
  [/^The endpoint answered 410\b/, 'gone'],
  [/^ended by the server, because it could not go on/, 'could_not_go_on'],
];

function formOf(text: string): Detail | null {
  for (const [pattern, key] of forms) {
    const match = pattern.exec(text);
    if (match) return { key, values: Object.fromEntries(Object.entries(match.groups ?? {}).map(([name, value]) => [name, /^\d+$/.test(value) ? Number(value) : value])) };
  }
  return null;
}

interface Words {
  // Returns the text of audit.json at this key, or null.
  find: (key: string, values?: Detail['values']) => string | null;
  role: (role: string) => string;
  locale: string;
}

export function detailText(detail: string | null, { find, role, locale }: Words): string {
  if (detail === null) return '';
  const said = (text: string): string | null => {
    const form = formOf(text);
    if (form === null) return null;
    const { seconds } = form.values;
    return find(`details.${form.key}`, seconds === undefined ? form.values : { time: formatShort(Number(seconds) * 1_000, locale) });
  };
  const whole = said(detail);
  if (whole !== null) return whole;
  const [, named, invited] = new RegExp(`^(${roles})(, invited)?$`).exec(detail) ?? [];
  if (named !== undefined) return invited === undefined ? role(named) : (find('details.invited', { role: role(named) }) ?? detail);
  // A list: what was changed of a user, or how a link was used.
  const parts = detail.replace(' by shakehook', ', by shakehook').split(', ').map((part) => find(`fields.${part}`) ?? said(part));
  return parts.every((part) => part !== null) ? parts.join(', ') : detail;
}

// A value of a changed field: a word where it is a code, a list, or as it is. Null: there is none.
export function valueText(value: unknown, find: Words['find']): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'boolean') return find(value ? 'values.yes' : 'values.no') ?? String(value);
  if (Array.isArray(value)) return value.length === 0 ? null : value.join(', ');
  if (typeof value !== 'string') return JSON.stringify(value);
  return find(`values.${value}`) ?? value;
}
