import { describe, expect, it } from 'vitest';

import type { CustomField } from '../../../api/schema';
import { csvText, type CsvFile, guessMapping, planOf, readCsv, targetsOf } from './import_rows';

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
  it('reads custom fields by their kind', () => {
    const options = { data: [{ label: 'Music', value: 0 }, { label: 'Wine', value: 'w' }] } as Partial<CustomField>;
    const fields = [field('c_n', 'number'), field('c_s', 'select', options), field('c_m', 'multiselect', options), field('c_d', 'date')];
    expect(plan('c_n;c_s;c_m;c_d\n1200,5;wine;Music|w;2026-02-28\n', fields).items[0]?.data).toEqual({ c_n: 1200.5, c_s: 'w', c_m: [0, 'w'], c_d: '2026-02-28' });
    expect(plan('c_n,c_d\n"1,200",2026-02-30\n', fields).refused.map(({ problem }) => problem)).toEqual(['number', 'date']);
  });
  it('may begin with the apostrophe that made a formula inert', () => {
    expect(plan("first_name,phone\n'=1+1,'+33612345678\n").items[0]?.data).toEqual({ first_name: '=1+1', phone: '+33612345678' });
  });
});

it('a file is sent as it was read, without its empty rows', () => {
  const file = read('\uFEFFfirst_name;city\r\n"Zoé; ""Z""";"Paris, France"\r\n\r\n;;\r\n;Lyon\r\n');
  expect(csvText(file)).toBe('first_name;city\n"Zoé; ""Z""";Paris, France\n;Lyon\n');
});
