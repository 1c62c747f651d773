import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { seldom } from './seldom';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('acts at once, and then once a second however often it is wanted', async () => {
  let count = 0;
  const { run } = seldom(() => {
    count += 1;
  });
  for (let ms = 0; ms < 5_000; ms += 10) {
    run();
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(count).toBeGreaterThanOrEqual(5);
  expect(count).toBeLessThanOrEqual(6);
});

it('does not forget the last wish, and waits for one that is under way', async () => {
  const begun: number[] = [];
  const { run, end } = seldom(() => {
    begun.push(Date.now());
    return new Promise((resolve) => setTimeout(resolve, 3_000));
  });
  const start = Date.now();
  run();
  run();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(begun.map((at) => at - start)).toEqual([0, 3_000]);
  end();
  run();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(begun).toHaveLength(2);
});
