import { expect, test } from 'vitest';

import { indentJson } from '@/parts/indent_json';
import { curlOf, quoteForShell } from './curl';
import { readFilter } from './filter';
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
