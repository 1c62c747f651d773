import { expect, it } from 'vitest';

import { boundariesOf } from './webhooks';

process.env.TZ = 'Europe/Paris';

it('the steps of a week are the days of the calendar, also where the clock changes', () => {
  const moments = boundariesOf('7d', new Date(2026, 9, 26, 1, 30));
  expect(moments).toHaveLength(8);
  for (const moment of moments) {
    const date = new Date(moment);
    expect([date.getHours(), date.getMinutes()]).toEqual([0, 0]);
  }
  expect(new Date(moments.at(-2)!).getDate()).toBe(26);
  // The 25th of October has 25 hours there.
  expect(moments[6]! - moments[5]!).toBe(25 * 3_600_000);
});

it('the steps of a day are whole hours, of which the last is the present one', () => {
  const now = new Date(2026, 10, 27, 14, 20);
  const moments = boundariesOf('24h', now);
  expect(moments).toHaveLength(25);
  expect(moments.at(-2)! <= now.getTime() && now.getTime() < moments.at(-1)!).toBe(true);
});
