import { describe, expect, it } from 'vitest';

import { formatWait } from './format_wait';

const plain = (text: string) => text.replace(/\s/g, ' ');

describe('formatWait', () => {
  it('names two units at most', () => {
    expect(plain(formatWait(10_000, 'en'))).toBe('10 sec');
    expect(plain(formatWait(92_610, 'en'))).toBe('1 min 33 sec');
    expect(plain(formatWait(3_600_000, 'en'))).toBe('1 hr');
    expect(plain(formatWait(2 * 86_400_000 + 20 * 3_600_000 + 59_000, 'en'))).toBe('2 days 20 hr');
    expect(plain(formatWait(0, 'en'))).toBe('0 sec');
  });
  it('speaks the language of the viewer', () => {
    expect(plain(formatWait(2 * 86_400_000, 'fr'))).toBe('2 j');
  });
});
