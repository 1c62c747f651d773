import { describe, expect, it } from 'vitest';

import { formatAgo, formatUtc } from './format_time';

const now = Date.UTC(2026, 4, 17, 12, 0, 0);

describe('formatAgo', () => {
  it('names the largest unit that is whole', () => {
    expect(formatAgo(now - 59_000, now, 'en')).toBe('59 seconds ago');
    expect(formatAgo(now - 61_000, now, 'en')).toBe('1 minute ago');
    expect(formatAgo(now - 7_300_000, now, 'en')).toBe('2 hours ago');
    expect(formatAgo(now - 86_400_000, now, 'en')).toBe('yesterday');
  });

  it('looks ahead too, and speaks French', () => {
    expect(formatAgo(now + 120_000, now, 'en')).toBe('in 2 minutes');
    expect(formatAgo(now - 180_000, now, 'fr')).toBe('il y a 3 minutes');
    expect(formatAgo(now, now, 'fr')).toBe('maintenant');
  });
});

describe('formatUtc', () => {
  it('says UTC, to the millisecond', () => {
    expect(formatUtc(now + 5)).toBe('2026-05-17 12:00:00.005 UTC');
  });
});
