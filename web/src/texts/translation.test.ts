import { expect, test } from 'vitest';

import { fill, formsOf } from './translation';

test('a text is filled with what it names', () => {
  expect(fill('{{count}} of {{ all }} work', { count: 2, all: 3 })).toBe('2 of 3 work');
  expect(fill('by {{name}}', {})).toBe('by ');
  expect(fill('{{a}}', { a: '{{b}}', b: 'never' })).toBe('{{b}}');
});

test('a count takes the form of its language', () => {
  expect(formsOf('waits', 0, 'en')).toEqual(['waits_zero', 'waits_other', 'waits_other', 'waits']);
  expect(formsOf('waits', 1, 'en')[0]).toBe('waits_one');
  expect(formsOf('waits', 0, 'fr')).toEqual(['waits_zero', 'waits_one', 'waits_other', 'waits']);
  expect(formsOf('waits', 1_000_000, 'fr')[0]).toBe('waits_many');
});
