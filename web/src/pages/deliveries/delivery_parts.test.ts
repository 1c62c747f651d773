import { expect, test } from 'vitest';

import { cellOf } from '@/parts/csv_file';
import { indentJson } from '@/parts/indent_json';
import { curlOf, quoteForShell } from './curl';
import { csvOf } from './export_csv';
import { beginOf, readFilter } from './filter';
import { stepsSince } from './Histogram';
import { partsOf } from './TimingBar';

test('a payload is indented without a change to its digits and texts', () => {
  const compact = '{"a":9007199254740993,"b":[1,{"c":"x,{\\"y\\":[]}"}],"d":{},"e":[]}';
  const indented = indentJson(compact);
  expect(indented).toContain('"a": 9007199254740993');
  expect(indented).toContain('"c": "x,{\\"y\\":[]}"');
  expect(indented).toContain('"d": {},\n  "e": []\n}');
  expect(JSON.parse(indented)).toEqual(JSON.parse(compact));
});

test('a curl command is inert in a shell, and lacks credentials', () => {
  expect(quoteForShell("l'été $(rm) `x`")).toBe("'l'\\''été $(rm) `x`'");
  const command = curlOf({
    payload: '{"name":"O\'Neil"}',
    attempts: [{ url: 'https://crm.example/hook', request_headers: { Host: 'crm.example', 'X-Token': '***', 'Idempotency-Key': 'k' } }],
  } as unknown as Parameters<typeof curlOf>[0]);
  expect(command).not.toMatch(/Host|X-Token/);
  expect(command).toContain("-H 'Idempotency-Key: k'");
  expect(command).toContain(`'{"name":"O'\\''Neil"}'`);
});

test('the parts of an attempt add up to its duration', () => {
  const timings = { dns_ms: 2, connect_ms: 3, tls_ms: null, first_byte_ms: 40 };
  const parts = partsOf({ duration_ms: 50, timings });
  expect(parts.map(({ part }) => part)).toEqual(['dns', 'connect', 'answer', 'rest']);
  expect(parts.reduce((sum, { ms }) => sum + ms, 0)).toBe(50);
  expect(partsOf({ duration_ms: 5000, timings: { dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: null } })).toEqual([
    { part: 'answer', ms: 5000 },
  ]);
});

test('a filter in the address is read, and what is no time is left out', () => {
  expect(readFilter(new URLSearchParams('status=failed&since=1700000000000&until=soon&resource_id=&x=1'))).toEqual({
    status: 'failed',
    since: 1_700_000_000_000,
  });
});

test('a range is counted from now, so that a kept view stays true', () => {
  const friday = (hour: number) => new Date(2026, 10, 27, hour, 30, 20);
  expect(beginOf('hour', friday(20))).toBe(new Date(2026, 10, 27, 19, 30).getTime());
  expect(beginOf('today', friday(20))).toBe(new Date(2026, 10, 27).getTime());
  expect(beginOf('friday', friday(20))).toBe(new Date(2026, 10, 27, 18).getTime());
  expect(beginOf('friday', friday(9))).toBe(new Date(2026, 10, 20, 18).getTime());
  expect(beginOf('friday', new Date(2026, 10, 30, 9))).toBe(new Date(2026, 10, 27, 18).getTime());
  expect(readFilter(new URLSearchParams('range=today&since=1&until=2'), friday(20))).toEqual({ since: new Date(2026, 10, 27).getTime() });
});

test('a cell is no formula and no second cell', () => {
  expect(cellOf('=1+1')).toBe("'=1+1");
  expect(cellOf('-x,"y"')).toBe('"\'-x,""y"""');
  expect(cellOf(null)).toBe('');
  expect(csvOf([], { subject: () => null, webhook: () => '', venue: () => '' })).toMatch(/^\ufeffcreated_at,/);
});

test('bars are hours, or days where the list begins long ago', () => {
  const now = new Date(2026, 10, 27, 14, 20);
  expect(stepsSince(undefined, now)).toHaveLength(25);
  expect(stepsSince(now.getTime() - 3 * 86_400_000, now)).toHaveLength(169);
  const month = stepsSince(now.getTime() - 20 * 86_400_000, now);
  expect(month).toHaveLength(31);
  expect(month.every((at) => new Date(at).getHours() === 0)).toBe(true);
});
