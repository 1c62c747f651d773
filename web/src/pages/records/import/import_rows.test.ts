import { describe, expect, it } from 'vitest';

import { ApiProblem, Unreachable } from '../../../api/problem';
import type { CustomField } from '../../../api/schema';
import { type CsvFile, guessMapping, planOf, readCsv, refusedCsv, targetsOf } from './import_rows';
import { batchRowsMax, ImportRun, type Progress } from './run_import';

const field = (code: string, type: string, more: Partial<CustomField> = {}) =>
  ({ code, type, label: code, collection: 'clients', isRequiredInBO: false, data: [], ...more }) as unknown as CustomField;
const read = (text: string) => readCsv(text) as CsvFile;
const plan = (text: string, fields: CustomField[] = []) => {
  const file = read(text);
  return planOf('contact', fields, file, guessMapping(file.header, targetsOf('contact', fields), { email: 'E-mail' }));
};

describe('a CSV file', () => {
  it('may part columns with semicolons, quote what holds them, and begin with a byte order mark', () => {
    const file = read('\uFEFFfirst_name;city\r\n"Zoé; dite ""Z""";Paris\r\n\r\n');
    expect(file).toEqual({ header: ['first_name', 'city'], rows: [['Zoé; dite "Z"', 'Paris']], delimiter: ';' });
  });
  it('without a row below the header is refused', () => expect(readCsv('first_name,city\n')).toBe('empty'));
  it('maps columns by name and by label, each field once', () => {
    expect(guessMapping(['First name', 'E-MAIL', 'email', 'Shoes'], targetsOf('contact', []), { email: 'E-mail' })).toEqual(['first_name', 'email', null, null]);
  });
});

describe('a row', () => {
  it('leaves out what is empty', () => expect(plan('first_name,city\nAda,\n').items).toEqual([{ row: 1, data: { first_name: 'Ada' } }]));
  it('names each field that cannot be', () => {
    const { items, refused } = plan('id,email,optin_marketing\na b,nobody,perhaps\n');
    expect(items).toEqual([]);
    expect(refused.map((each) => [each.field, each.problem])).toEqual([['id', 'id'], ['email', 'email'], ['optin_marketing', 'yes_no']]);
  });
  it('whose id stood before is refused', () => {
    expect(plan('id,city\na,Paris\na,Lyon\n').refused).toEqual([{ row: 2, field: 'id', problem: 'twice' }]);
  });
  it('reads custom fields by their kind', () => {
    const options = { data: [{ label: 'Music', value: 0 }, { label: 'Wine', value: 'w' }] } as Partial<CustomField>;
    const fields = [field('c_n', 'number'), field('c_s', 'select', options), field('c_m', 'multiselect', options), field('c_d', 'date')];
    expect(plan('c_n;c_s;c_m;c_d\n1200,5;wine;Music|w;2026-02-28\n', fields).items[0]?.data).toEqual({ c_n: 1200.5, c_s: 'w', c_m: [0, 'w'], c_d: '2026-02-28' });
    expect(plan('c_n,c_d\n"1,200",2026-02-30\n', fields).refused.map(({ problem }) => problem)).toEqual(['number', 'date']);
  });
  it('that makes a new record must have the required custom fields, one with an id need not', () => {
    const fields = [field('c_t', 'text', { isRequiredInBO: true })];
    const { items, refused } = plan('id,city\na,Paris\n,Lyon\n', fields);
    expect(items.map(({ row }) => row)).toEqual([1]);
    expect(refused).toEqual([{ row: 2, field: 'c_t', problem: 'required' }]);
  });
});

it('refused rows go into a file that no spreadsheet calculates with', () => {
  const file = read('first_name,city\n=1+1,@SUM(A1)\n');
  const text = refusedCsv(file, [{ row: 1, field: 'city', problem: 'option' }], { row: 'Row', field: 'Field', problem: 'Problem' }, () => ['City', '-1']);
  expect(text).toBe("\uFEFFRow,Field,Problem,first_name,city\r\n1,City,\"'-1\",\"'=1+1\",\"'@SUM(A1)\"\r\n");
  expect(plan("first_name,phone\n'=1+1,'+33612345678\n").items[0]?.data).toEqual({ first_name: '=1+1', phone: '+33612345678' });
});

it('a row with two problems stands once in the file, so that it is imported once when it is mended', () => {
  const text = refusedCsv(read('city\nParis\n'), [{ row: 1, field: 'a', problem: 'number' }, { row: 1, field: 'b', problem: 'date' }],
    { row: 'Row', field: 'Field', problem: 'Problem' }, ({ field: name, problem }) => [name ?? '', String(problem)]);
  expect(text).toBe('\uFEFFRow,Field,Problem,city\r\n1,a / b,number / date,Paris\r\n');
});

describe('a run', () => {
  const items = Array.from({ length: batchRowsMax + 3 }, (_, i) => ({ row: i + 1, data: { first_name: `N${i}` } }));
  const ok = (sent: unknown[]) => ({ results: sent.map(() => ({ id: 'x', result: 'created' as const })) });
  let last: Progress;
  const onProgress = (progress: Progress) => { last = progress; };
  const keys = () => { let next = 0; return () => `key-${next++}`; };

  it('takes out the rows that the server names and sends the rest', async () => {
    const run = new ImportRun(items, async (sent) => {
      const bad = sent.findIndex((each) => each['first_name'] === 'N4');
      if (bad >= 0) throw new ApiProblem({ type: '', title: 'Invalid', status: 422, detail: '', errors: [{ field: `${bad}.city`, detail: 'is bad' }] });
      return ok(sent);
    }, keys(), onProgress);
    await run.goOn(new AbortController().signal);
    expect(last).toEqual({ done: items.length, created: items.length - 1, updated: 0, unchanged: 0, refused: [{ row: 5, field: 'city', problem: { detail: 'is bad' } }] });
  });

  it('whose answer was lost sends the same batch under the same key', async () => {
    const seen: string[] = [];
    const run = new ImportRun(items, async (sent, key) => {
      seen.push(`${key} ${sent.length}`);
      if (seen.length === 2) throw new Unreachable();
      return ok(sent);
    }, keys(), onProgress);
    await expect(run.goOn(new AbortController().signal)).rejects.toThrow(Unreachable);
    await run.goOn(new AbortController().signal);
    expect(seen).toEqual([`key-0 ${batchRowsMax}`, 'key-1 3', 'key-1 3']);
    expect(last.done).toBe(items.length);
  });

  it('stops between two batches', async () => {
    const stop = new AbortController();
    const run = new ImportRun(items, async (sent) => { stop.abort(); return ok(sent); }, keys(), onProgress);
    await run.goOn(stop.signal);
    expect(last.done).toBe(batchRowsMax);
  });
});
