// A record's form: its values as the inputs hold them, what they must be, and what is sent. An edit sends what was
// changed; what was emptied is sent as null.
import type { CustomField } from '@/api/schema';
import { fieldGroups } from '@/parts/records/kinds';
import type { Kind, RecordData } from '@/queries/records';

// By field: a text; "yes", "no" or ""; a number or ""; the places of chosen options; JSON as text.
export type RecordValues = Record<string, string | number | string[]>;

export type FormProblem = 'required' | 'email' | 'json';

const yesNo = (value: unknown) => (value === true ? 'yes' : value === false ? 'no' : '');
// Options have texts or integers for values, which an input cannot tell apart: it holds their places.
const placeOf = (field: CustomField, value: unknown) => {
  const place = field.data.findIndex((option) => option.value === value);
  return place < 0 ? '' : String(place);
};

function customInput(field: CustomField, value: unknown): string | number | string[] {
  if (field.type === 'multiselect') return Array.isArray(value) ? value.map((each) => placeOf(field, each)).filter(Boolean) : [];
  if (value === undefined || value === null) return '';
  if (field.type === 'select') return placeOf(field, value);
  if (field.type === 'object') return JSON.stringify(value, null, 2);
  return typeof value === 'number' ? value : String(value);
}

export function valuesOf(kind: Kind, fields: CustomField[], record: RecordData | null): RecordValues {
  const values: RecordValues = {};
  for (const { name, kind: input } of fieldGroups[kind].flatMap((group) => group.fields)) {
    const value = record?.[name];
    values[name] = input === 'yes_no' ? yesNo(value) : typeof value === 'string' ? value : '';
  }
  for (const field of fields) values[field.code] = customInput(field, record?.[field.code]);
  return values;
}

const isEmpty = (value: string | number | string[]) => (typeof value === 'number' ? false : value.length === 0);

export function problemsOf(kind: Kind, fields: CustomField[], values: RecordValues): Record<string, FormProblem> {
  const problems: Record<string, FormProblem> = {};
  const email = values['email'];
  if (kind === 'contact' && typeof email === 'string' && email.trim() !== '' && !email.includes('@')) problems['email'] = 'email';
  for (const field of fields) {
    const value = values[field.code] ?? '';
    if (isEmpty(value)) {
      if (field.isRequiredInBO) problems[field.code] = 'required';
    } else if (field.type === 'object' && !isObjectText(value)) {
      problems[field.code] = 'json';
    }
  }
  return problems;
}

function isObjectText(value: unknown): boolean {
  try {
    const parsed: unknown = JSON.parse(String(value));
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  } catch {
    return false;
  }
}

function customValue(field: CustomField, value: string | number | string[]): unknown {
  const option = (place: string) => field.data[Number(place)]?.value;
  if (isEmpty(value)) return null;
  if (field.type === 'multiselect') return (value as string[]).map(option);
  if (field.type === 'select') return option(String(value));
  if (field.type === 'object') return JSON.parse(String(value));
  return field.type === 'number' ? Number(value) : value;
}

function dataOf(kind: Kind, fields: CustomField[], values: RecordValues): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const { name, kind: input } of fieldGroups[kind].flatMap((group) => group.fields)) {
    const value = String(values[name] ?? '').trim();
    if (value === '') data[name] = null;
    else data[name] = input === 'yes_no' ? value === 'yes' : value;
  }
  for (const field of fields) data[field.code] = customValue(field, values[field.code] ?? '');
  return data;
}

export function newRecordOf(kind: Kind, fields: CustomField[], values: RecordValues): Record<string, unknown> {
  return Object.fromEntries(Object.entries(dataOf(kind, fields, values)).filter(([, value]) => value !== null));
}

export function changeOf(kind: Kind, fields: CustomField[], values: RecordValues, before: RecordValues): Record<string, unknown> {
  const was = dataOf(kind, fields, before);
  return Object.fromEntries(
    Object.entries(dataOf(kind, fields, values)).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(was[name])),
  );
}
