import { expect, it } from 'vitest';

import { dayTime, wholeTime } from './day_time';

it('a time of the day is taken as people type it', () => {
  for (const [typed, whole] of [['22:00', '22:00'], ['7', '07:00'], ['07', '07:00'], ['730', '07:30'], ['0730', '07:30'], ['7.30', '07:30'], ['7h30', '07:30'], ['18h', '18:00'], [' 9:05 ', '09:05']]) {
    expect(wholeTime(typed!)).toBe(whole);
    expect(wholeTime(typed!)).toMatch(dayTime);
  }
  for (const typed of ['', 'noon', '24:00', '12:60', '7:5', '99']) expect(wholeTime(typed)).not.toMatch(dayTime);
});
