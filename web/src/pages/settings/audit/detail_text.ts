// Details of the audit log in the reader's language: the server gives codes with the values of their sentences, which are in
// audit.json. An entry of before the codes, or with a code that this dashboard does not know, is told in the server's words.
import type { AuditEntry } from '@/api/schema';
import { formatShort } from '@/parts/format_duration';

type Values = Record<string, string | number>;

interface Words {
  // Returns the text of audit.json at this key, or null.
  find: (key: string, values?: Values) => string | null;
  role: (role: string) => string;
  locale: string;
}

function shownValues(params: Values, { find, role, locale }: Words): Values {
  const { seconds, role: named, field } = params;
  return {
    ...params,
    ...(seconds !== undefined && { time: formatShort(Number(seconds) * 1_000, locale) }),
    ...(named !== undefined && { role: role(String(named)) }),
    ...(field !== undefined && { field: find(`fields.${field}`) ?? field }),
  };
}

export function detailText({ detail, details }: Pick<AuditEntry, 'detail' | 'details'>, words: Words): string {
  const texts = (details ?? []).map(({ code, params }) => words.find(`details.${code}`, shownValues(params, words)));
  if (texts.length === 0 || texts.some((text) => text === null)) return detail ?? '';
  const whole = texts.join(', ');
  // A name keeps its letters: "curl", "iPhone".
  const { device, field } = details![0]!.params;
  if ([device, field].some((name) => name !== undefined && whole.startsWith(String(name)))) return whole;
  return whole.charAt(0).toUpperCase() + whole.slice(1);
}

// A value of a changed field: a word where it is a code, a list, or as it is. Null: there is none.
export function valueText(value: unknown, find: Words['find']): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'boolean') return find(value ? 'values.yes' : 'values.no') ?? String(value);
  if (Array.isArray(value)) return value.length === 0 ? null : value.join(', ');
  if (typeof value !== 'string') return JSON.stringify(value);
  return find(`values.${value}`) ?? value;
}
