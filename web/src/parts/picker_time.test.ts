import { expect, test } from 'vitest';

import { formatMoment, fromPicker, toPicker } from './picker_time';

test('a moment is written by the pattern, in the language', () => {
  expect(formatMoment('2026-01-05 08:03:00', 'D MMM YYYY, HH:mm', 'en-GB')).toBe('5 Jan 2026, 08:03');
  expect(formatMoment('2026-01-05 18:30:00', 'D MMMM YYYY HH:mm', 'fr')).toBe('5 janvier 2026 18:30');
});

test('what is no moment stays as it is', () => {
  expect(formatMoment('soon', 'D MMM', 'en')).toBe('soon');
});

test('a moment is read back', () => {
  const at = new Date(2026, 2, 29, 3, 15).getTime();
  expect(fromPicker(toPicker(at))).toBe(at);
});
