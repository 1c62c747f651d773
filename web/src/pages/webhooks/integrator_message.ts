// A text to be sent to the integrator who mends the endpoint: in English, as their tools and logs are, with times in
// UTC, the request and the response, and what to do about this cause.
import type { Attempt, DeliveryDetail, Webhook } from '@/api/schema';
import { headerOf } from '@/parts/deliveries/attempt_text';
import { formatUtc } from '@/parts/format_time';
import causes from '@/texts/en/causes.json';
import { fill } from '@/texts/translation';

export type FailedAttempt = Attempt & { error: NonNullable<Attempt['error']> };

const bodyShownMax = 300;
// The dashboard's hint leads to its signature bench, which the reader does not see.
const signatureHint =
  'Compare how you sign: HMAC-SHA256 over the raw bytes of the body, with the whole secret (whsec_…) as the key, in lower-case hex, in the header Bookingshake-Signature.';

function whatToDo(attempt: FailedAttempt): string {
  const { code } = attempt.error;
  const hints: Record<string, string> = { ...causes.hint, unauthorized: signatureHint };
  const hint = fill(hints[code] ?? causes.hint.status, { status: attempt.status_code ?? '' });
  const location = code === 'redirect' ? headerOf(attempt, 'location') : null;
  const wait = headerOf(attempt, 'retry-after');
  return [location === null ? '' : `It redirects to ${location}.`, wait === null ? '' : `It asked to wait (Retry-After: ${wait}).`, hint].filter(Boolean).join(' ');
}

export function integratorMessage(webhook: Webhook, attempt: FailedAttempt, delivery: DeliveryDetail | undefined): string {
  const { health } = webhook;
  const lines = [
    `Webhook "${webhook.name}" (${webhook.id}) fails.`,
    '',
    `URL:             POST ${attempt.url}`,
    `Failing since:   ${health.failing_since === null ? 'unknown' : formatUtc(health.failing_since)}`,
    `Last attempt:    ${formatUtc(attempt.started_at)}, ${Math.round(attempt.duration_ms)} ms`,
    `Result:          ${attempt.status_code === null ? 'no answer' : `HTTP ${attempt.status_code}`}: ${attempt.error.message}`,
    `Idempotency-Key: ${delivery?.id ?? 'unknown'}`,
    `Waiting:         ${health.pending}`,
    '',
    `What to do: ${whatToDo(attempt)}`,
  ];
  if (attempt.response_body) lines.push('', 'Answer of the endpoint:', attempt.response_body.slice(0, bodyShownMax));
  lines.push('', 'The endpoint must answer 200-299 within 5 seconds. What waits is sent again by itself; one Idempotency-Key is never to be processed twice.');
  return lines.join('\n');
}
