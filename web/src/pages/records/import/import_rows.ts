// A CSV file as records: which column is which field, what each row makes of a record, and what is wrong with a row.
import Papa from 'papaparse';

import type { CustomField } from '../../../api/schema';
import { fieldGroups, type Kind } from '../kinds';

export const fileBytesMax = 20 * 1024 * 1024;
export const rowsMax = 100_000;

export interface CsvFile {
  header: string[];
  rows: string[][];
  delimiter: string;
}

export type FileProblem = 'empty' | 'too_many_rows';
export type RowProblem = 'required' | 'email' | 'json' | 'number' | 'date' | 'option' | 'yes_no' | 'id' | 'twice' | 'too_wide';

// Of a column: the field it fills, null: none.
export type Mapping = (string | null)[];

export interface Refused {
  // As a person counts: the first row below the header is 1.
  row: number;
  field: string | null;
  // A problem that was found here, or the server's own words.
  problem: RowProblem | { detail: string };
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
  const { data, meta } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { skipEmptyLines: 'greedy', preview: rowsMax + 2 });
  const [header, ...rows] = data;
  if (header === undefined || rows.length === 0) return 'empty';
  if (rows.length > rowsMax) return 'too_many_rows';
  return { header: header.map((name) => name.trim()), rows, delimiter: meta.delimiter };
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

// The apostrophe that refusedCsv puts before a formula: a file that was mended can be imported.
const inertMark = /^'(?=[=+\-@])/;

type Read = { value: unknown } | { problem: RowProblem };
type Reader = (text: string) => Read;

// Where columns part at a semicolon, decimals have commas.
function numberReader(delimiter: string): Reader {
  const pattern = delimiter === ';' ? /^-?\d+([.,]\d+)?$/ : /^-?\d+(\.\d+)?$/;
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

// What is to be sent of each row, and the rows that cannot be. An empty cell leaves its field as it is. A required custom
// field binds rows without an id, which make a new record.
export function planOf(kind: Kind, fields: CustomField[], file: CsvFile, mapping: Mapping): Plan {
  const readers = readersOf(kind, fields, file.delimiter);
  const required = fields.filter(({ isRequiredInBO }) => isRequiredInBO).map(({ code }) => code);
  const ids = new Set<unknown>();
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
    if (data['id'] === undefined) for (const code of required) if (data[code] === undefined && !problems.some(({ field }) => field === code)) refuse(code, 'required');
    if (data['id'] !== undefined && ids.has(data['id'])) refuse('id', 'twice');
    ids.add(data['id']);
    if (problems.length > 0) plan.refused.push(...problems);
    else if (Object.keys(data).length > 0) plan.items.push({ row, data });
  });
  return plan;
}

// The refused rows as a CSV file: each once, with all that was wrong and with its cells, so that the mended file can be
// imported. What a spreadsheet would take for a formula begins with an apostrophe.
export function refusedCsv(file: CsvFile, refused: Refused[], words: { row: string; field: string; problem: string }, say: (each: Refused) => [string, string]): string {
  const said = new Map<number, [string, string][]>();
  for (const each of refused) said.set(each.row, [...(said.get(each.row) ?? []), say(each)]);
  const joined = (all: [string, string][], place: 0 | 1) => all.map((each) => each[place]).filter(Boolean).join(' / ');
  const lines = [...said].map(([row, all]) => [String(row), joined(all, 0), joined(all, 1), ...(file.rows[row - 1] ?? [])]);
  return `\uFEFF${Papa.unparse([[words.row, words.field, words.problem, ...file.header], ...lines], { delimiter: file.delimiter, escapeFormulae: true })}\r\n`;
}
