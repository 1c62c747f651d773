import { describe, expect, it } from 'vitest';

import { safeNext } from './safe_next';

describe('safeNext', () => {
  it('takes an address of the dashboard', () => {
    expect(safeNext('/webhooks?x=1')).toBe('/webhooks?x=1');
  });

  it('leads nowhere else', () => {
    for (const bad of [null, '', 'https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
      expect(safeNext(bad)).toBe('/');
    }
  });
});
