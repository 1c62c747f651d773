// Why an attempt failed and what to do about it, in the viewer's language: one hint for each cause. What the endpoint
// itself said is quoted: where it redirects to, how long it asked to wait.

import type { Attempt } from '@/api/schema';
import { useLocale } from '@/parts/Time';
import { numberFormat } from '@/texts/formats';
import { useTranslation } from '@/texts/translation';

type FailedAttempt = Pick<Attempt, 'status_code' | 'response_headers'> & { error: NonNullable<Attempt['error']> };

export interface AttemptText {
  cause: string;
  hint: string;
  // The server's own words, where they say more than the cause.
  technical: string | null;
}

export function headerOf(attempt: Pick<Attempt, 'response_headers'>, name: string): string | null {
  const found = Object.entries(attempt.response_headers ?? {}).find(([key]) => key.toLowerCase() === name);
  return found === undefined ? null : found[1];
}

// Seconds of a Retry-After that is a number.
function secondsOf(text: string | null): number | null {
  return text !== null && /^\d+$/.test(text.trim()) ? Number(text) : null;
}

export function useAttemptText() {
  const { t, i18n } = useTranslation('causes');
  const locale = useLocale();
  return (attempt: FailedAttempt): AttemptText => {
    const { code, params, message } = attempt.error;
    const values = { status: String(params['status'] ?? attempt.status_code ?? '') };
    const known = i18n.exists(`causes:attempt.${code}`);
    const cause = known ? t(`attempt.${code}`, values) : message;
    const hints = [known ? t(`hint.${code}`, values) : ''];
    const location = code === 'redirect' ? headerOf(attempt, 'location') : null;
    if (location !== null) hints.unshift(t('quoted.location', { location }));
    const wait = code === 'too_many_requests' || attempt.status_code === 503 ? secondsOf(headerOf(attempt, 'retry-after')) : null;
    if (wait !== null) hints.unshift(t('quoted.retry_after', { time: numberFormat(locale, { style: 'unit', unit: wait >= 120 ? 'minute' : 'second', unitDisplay: 'long', maximumFractionDigits: 0 }).format(wait >= 120 ? wait / 60 : wait) }));
    return { cause, hint: hints.filter(Boolean).join(' '), technical: attempt.status_code === null && known ? message : null };
  };
}
