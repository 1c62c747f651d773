import { describe, expect, it } from 'vitest';

import { fromOptions, toOptions } from './OptionsEditor';

const row = (value: string, text = false) => ({ key: value, label: ' Label ', value, text });

describe('toOptions', () => {
  it('sends whole numbers as numbers, everything else as text', () => {
    const values = toOptions([row('0'), row('-12'), row('007'), row('1.5'), row('vip')]).map(({ value }) => value);
    expect(values).toEqual([0, -12, '007', '1.5', 'vip']);
  });

  it('keeps a text that looks like a number, and what the label says', () => {
    expect(toOptions(fromOptions([{ label: 'Three', value: '3' }, { label: 'Four', value: 4 }]))).toEqual([
      { label: 'Three', value: '3' },
      { label: 'Four', value: 4 },
    ]);
    expect(toOptions([row('a')])[0]?.label).toBe('Label');
  });
});
