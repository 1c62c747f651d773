// What the server says of a field, such as "is required", as a sentence in the viewer's language where we have it in that.
// A number in it stands as "#" in the texts' keys, and as {{0}}, {{1}} in the sentences.
import { useTranslation } from 'react-i18next';

import type common from '@/texts/en/common.json';

const numbers = /\d+/g;

export function asSentence(detail: string): string {
  const text = detail.trim();
  if (text === '') return text;
  return text[0]!.toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');
}

export function sentenceOf(texts: Record<string, string>, detail: string): string {
  const text = texts[detail] ?? texts[detail.replace(numbers, '#')];
  if (text === undefined) return asSentence(detail);
  const values = detail.match(numbers) ?? [];
  return text.replace(/{{(\d+)}}/g, (_, at: string) => values[Number(at)] ?? '');
}

export function useRefusalText() {
  const { i18n } = useTranslation();
  const texts = i18n.getResourceBundle(i18n.resolvedLanguage ?? 'en', 'common') as typeof common | undefined;
  return (detail: string): string => sentenceOf(texts?.refusal ?? {}, detail);
}
