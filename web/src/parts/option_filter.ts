// How choosers find their options: by all words that were typed, in any order, without accents and capitals. Lists of
// records are searched by the server; these few are in the browser already.
import { type ComboboxItem, type ComboboxParsedItem, isOptionsGroup, type OptionsFilter } from '@mantine/core';

// Letters that Unicode does not take apart into a letter and its mark.
const plainLetters: Record<string, string> = { ß: 'ss', œ: 'oe', æ: 'ae', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ħ: 'h', ı: 'i', ŋ: 'n', ŧ: 't', ς: 'σ' };

export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[ßœæøłđðþħıŋŧς]/g, (letter) => plainLetters[letter] ?? letter)
    .replace(/[’‘ʼ`´′]/g, "'")
    .replace(/\p{Pd}/gu, '-')
    .normalize('NFC');
}

export function finds(typed: string, label: string): boolean {
  const text = fold(label);
  const unmarked = text.replace(/['.-]/g, '');
  return fold(typed)
    .split(/[\s-]+/)
    .every((word) => text.includes(word) || unmarked.includes(word.replace(/['.]/g, '')));
}

export const filterOptions: OptionsFilter = ({ options, search, limit }) => {
  let left = limit;
  const found = (items: ComboboxItem[]) => {
    const fitting = items.filter(({ label }) => finds(search, label)).slice(0, left);
    left -= fitting.length;
    return fitting;
  };
  return options.flatMap((option): ComboboxParsedItem[] => {
    if (!isOptionsGroup(option)) return found([option]);
    const items = found(option.items);
    return items.length > 0 ? [{ ...option, items }] : [];
  });
};
