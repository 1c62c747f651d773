// A CSV file as records: which column is which field, what each row makes of a record, and what is wrong with a row.
import Papa from 'papaparse';

import type { CustomField } from '../../../api/schema';
import { fieldGroups, type Kind } from '../kinds';

export const fileBytesMax = 20 * 1024 * 1024;
export const rowsMax = 100_000;

export type Delimiter = ',' | ';' | '\t';

export interface CsvFile {
  header: string[];
  rows: string[][];
  delimiter: Delimiter;
}

export type FileProblem = 'empty' | 'too_many_rows';
export type RowProblem = 'email' | 'json' | 'number' | 'date' | 'option' | 'yes_no' | 'id' | 'too_wide';

// Of a column: the field it fills, null: none.
export type Mapping = (string | null)[];

export interface Refused {
  // As a person counts: the first row below the header is 1.
  row: number;
  field: string | null;
  problem: RowProblem;
}

export interface Item {
  row: number;
  data: Record<string, unknown>;
}

export interface Plan {
  items: Item[];
  refused: Refused[];
}

// What a column may fill: the id, the documented fields, then the custom ones.
export function targetsOf(kind: Kind, fields: CustomField[]): string[] {
  const documented = fieldGroups[kind].flatMap((group) => group.fields.map(({ name }) => name));
  return ['id', ...documented, ...fields.map(({ code }) => code)];
}

export function readCsv(text: string): CsvFile | FileProblem {
  // Two rows more than fit: the header, and one that shows there is more.
  const { data, meta } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), {
    skipEmptyLines: 'greedy',
    preview: rowsMax + 2,
    delimitersToGuess: [',', ';', '\t'],
  });
  const [header, ...rows] = data;
  if (header === undefined || rows.length === 0) return 'empty';
  if (rows.length > rowsMax) return 'too_many_rows';
  return { header: header.map((name) => name.trim()), rows, delimiter: meta.delimiter as Delimiter };
}

const plain = (name: string) => name.normalize('NFD').replace(/[^\p{L}\p{N}]+/gu, '').toLowerCase();

// The mapping that the header suggests. `labels` says how each target is called on the screen. No target is taken twice.
export function guessMapping(header: string[], targets: string[], labels: Record<string, string>): Mapping {
  const taken = new Set<string>();
  return header.map((name) => {
    const wanted = plain(name);
    const free = targets.filter((target) => !taken.has(target));
    const found = free.find((target) => plain(target) === wanted) ?? free.find((target) => plain(labels[target] ?? '') === wanted);
    if (wanted === '' || found === undefined) return null;
    taken.add(found);
    return found;
  });
}

const idPattern = /^(?!batch$)[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const yes = new Set(['yes', 'true', '1', 'oui', 'vrai', 'y', 'o', 'x']);
const no = new Set(['no', 'false', '0', 'non', 'faux', 'n']);

// The apostrophe that the file of refused rows has before a formula: mended, it can be imported.
const inertMark = /^'(?=[=+\-@])/;

type Read = { value: unknown } | { problem: RowProblem };
type Reader = (text: string) => Read;

// Where columns part at something else than commas, decimals may have them.
function numberReader(delimiter: string): Reader {
  const pattern = delimiter !== ',' ? /^-?\d+([.,]\d+)?$/ : /^-?\d+(\.\d+)?$/;
  return (text) => (pattern.test(text) ? { value: Number(text.replace(',', '.')) } : { problem: 'number' });
}

function optionOf(field: CustomField, text: string): unknown {
  const same = (other: string | number) => String(other).toLowerCase() === text.toLowerCase();
  return (field.data.find(({ label }) => same(label)) ?? field.data.find(({ value }) => same(value)))?.value;
}

function readDate(text: string): Read {
  const date = new Date(`${text}T00:00:00Z`);
  const real = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
  return real ? { value: text } : { problem: 'date' };
}

function readObject(text: string): Read {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { value } : { problem: 'json' };
  } catch {
    return { problem: 'json' };
  }
}

function customReader(field: CustomField, delimiter: string): Reader {
  switch (field.type) {
    case 'number':
      return numberReader(delimiter);
    case 'date':
      return readDate;
    case 'object':
      return readObject;
    case 'select':
      return (text) => {
        const value = optionOf(field, text);
        return value === undefined ? { problem: 'option' } : { value };
      };
    case 'multiselect':
      return (text) => {
        const values = text.split('|').map((part) => part.trim()).filter(Boolean).map((part) => optionOf(field, part));
        return values.includes(undefined) ? { problem: 'option' } : { value: [...new Set(values)] };
      };
    default:
      return (value) => ({ value });
  }
}

function readYesNo(text: string): Read {
  const word = text.toLowerCase();
  return yes.has(word) ? { value: true } : no.has(word) ? { value: false } : { problem: 'yes_no' };
}

function readersOf(kind: Kind, fields: CustomField[], delimiter: string): Map<string, Reader> {
  const readers = new Map<string, Reader>();
  readers.set('id', (text) => (idPattern.test(text) ? { value: text } : { problem: 'id' }));
  for (const { name, kind: input } of fieldGroups[kind].flatMap((group) => group.fields)) {
    if (input === 'yes_no') readers.set(name, readYesNo);
    else if (input === 'email') readers.set(name, (text) => (text.includes('@') ? { value: text } : { problem: 'email' }));
    else readers.set(name, (value) => ({ value }));
  }
  for (const field of fields) readers.set(field.code, customReader(field, delimiter));
  return readers;
}

// What each row makes of a record, and the rows that cannot be: what the server will say too, said before. An empty cell
// leaves its field as it is.
export function planOf(kind: Kind, fields: CustomField[], file: CsvFile, mapping: Mapping): Plan {
  const readers = readersOf(kind, fields, file.delimiter);
  const plan: Plan = { items: [], refused: [] };
  file.rows.forEach((cells, index) => {
    const row = index + 1;
    const data: Record<string, unknown> = {};
    const problems: Refused[] = [];
    const refuse = (field: string | null, problem: RowProblem) => problems.push({ row, field, problem });
    if (cells.length > file.header.length) refuse(null, 'too_wide');
    mapping.forEach((field, column) => {
      const text = (cells[column] ?? '').trim().replace(inertMark, '');
      if (field === null || text === '') return;
      const read = readers.get(field)!(text);
      if ('problem' in read) refuse(field, read.problem);
      else data[field] = read.value;
    });
    if (problems.length > 0) plan.refused.push(...problems);
    else if (Object.keys(data).length > 0) plan.items.push({ row, data });
  });
  return plan;
}

// The file as it is sent: every row, good or bad, so that the server counts them as the preview does. What parts its
// columns stays, because decimals go by it.
export function csvText({ header, rows, delimiter }: CsvFile): string {
  return `${Papa.unparse([header, ...rows], { delimiter, newline: '\n' })}\n`;
}
