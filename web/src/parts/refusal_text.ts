// Returns a refusal as a sentence in the viewer's language: the server gives a code and the values that it names, the
// sentences are in texts/<language>/errors.json and refusals.json. A code that this dashboard does not know is told in the
// server's own words.

import type { ApiProblem } from '@/api/problem';
import { loadTexts, useTranslation } from '@/texts/translation';

interface Refusal {
  detail: string;
  code: string;
  params: Record<string, string | number>;
}

export function asSentence(detail: string): string {
  const text = detail.trim();
  if (text === '') return text;
  return text[0]!.toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');
}

// For a field, a row of an import or a URL that was refused. Most visits need none of these sentences, so they are loaded
// when something is refused.
export async function refusalTexts(): Promise<(refusal: Refusal) => string> {
  try {
    const find = await loadTexts('refusals');
    return ({ detail, code, params }) => (code === 'invalid' ? null : find(code, params)) ?? asSentence(detail);
  } catch {
    return ({ detail }) => asSentence(detail);
  }
}

// The same, for a page that shows refusals.
export function useRefusalText() {
  const { t, i18n } = useTranslation('refusals');
  return ({ detail, code, params }: Refusal): string =>
    code !== 'invalid' && i18n.exists(`refusals:${code}`) ? t(code as 'required', params as { max?: never }) : asSentence(detail);
}

// For a request that was refused.
export function useProblemText() {
  const { t, i18n } = useTranslation('errors');
  return (problem: ApiProblem): string =>
    i18n.exists(`errors:problem.${problem.kind}`) ? t(`problem.${problem.kind as 'in-use'}`, problem.params as { max?: never }) : problem.message;
}
