// What the server says of a field, such as "is required", as a sentence in the viewer's language where we have it in that.
import { useTranslation } from 'react-i18next';

import type common from '../texts/en/common.json';

type Known = keyof (typeof common)['refusal'];

export function asSentence(detail: string): string {
  const text = detail.trim();
  if (text === '') return text;
  return text[0]!.toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');
}

export function useRefusalText() {
  const { t, i18n } = useTranslation();
  return (detail: string): string => (i18n.exists(`refusal.${detail}`) ? t(`refusal.${detail as Known}`) : asSentence(detail));
}
