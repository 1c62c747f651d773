import { expect, test } from 'vitest';

import { momentOf, parseJson, pathOf, sizeOf } from './parse';

test('a tree keeps what is written: digits, escapes, order, repeated keys', () => {
  expect(parseJson('{"b":9007199254740993,"a":["\\u00e9\\"",1.50],"b":null}')).toEqual({
    kind: 'object',
    entries: [
      { key: 'b', value: { kind: 'number', text: '9007199254740993' } },
      { key: 'a', value: { kind: 'array', items: [{ kind: 'string', text: '"\\u00e9\\""' }, { kind: 'number', text: '1.50' }] } },
      { key: 'b', value: { kind: 'word', text: 'null' } },
    ],
  });
});

test('what is no JSON is none, however deep', () => {
  for (const text of ['', '{', '{"a":}', '[1,]', '1 2', '<h1>', '{"a" 1}', "{'a':1}", '['.repeat(5_000), '"a']) expect(parseJson(text)).toBeNull();
});

test('paths can be pasted', () => {
  expect(pathOf(pathOf('', 'data'), 'id')).toBe('data.id');
  expect(pathOf('data', 0)).toBe('data[0]');
  expect(pathOf('data', 'first name')).toBe('data["first name"]');
});

test('a timestamp is a moment, and a phone number in quotes is none', () => {
  expect(momentOf({ kind: 'number', text: '1731493800000' })).toBe(1_731_493_800_000);
  expect(momentOf({ kind: 'string', text: '"1731493800000"' })).toBeNull();
  expect(momentOf({ kind: 'number', text: '1731493800' })).toBeNull();
  expect(sizeOf(parseJson('{"a":[1,2],"b":3}')!)).toBe(5);
});
