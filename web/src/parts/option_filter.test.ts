import { describe, expect, it } from 'vitest';

import { filterOptions, finds } from './option_filter';

describe('finds', () => {
  it.each([
    ['francois', 'Chez François'],
    ['FRANÇOIS chez', 'Chez Franc\u0327ois'],
    ['strasse', 'Königsstraße'],
    ['coeur', 'Sacré-Cœur'],
    ['sacre coeur', 'Sacré-Cœur'],
    ['istanbul', 'İstanbul'],
    ['lodz', 'Łódź'],
    ['oneil', 'O’Neil'],
    ["o'neil", 'O’Neil'],
    ['', 'anything'],
  ])('finds %s in %s', (typed, label) => {
    expect(finds(typed, label)).toBe(true);
  });

  it('misses where a word is not there', () => {
    expect(finds('chez pierre', 'Chez François')).toBe(false);
  });
});

describe('filterOptions', () => {
  const option = (label: string) => ({ value: label, label });

  it('leaves out groups without an option that fits, and stops at the limit', () => {
    const options = [option('Élysée'), { group: 'A', items: [option('Élan'), option('Bar')] }, { group: 'B', items: [option('Bar')] }];
    expect(filterOptions({ options, search: 'el', limit: 10 })).toEqual([option('Élysée'), { group: 'A', items: [option('Élan')] }]);
    expect(filterOptions({ options, search: 'el', limit: 1 })).toEqual([option('Élysée')]);
  });
});
