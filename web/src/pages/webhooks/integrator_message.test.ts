import { expect, it } from 'vitest';

import type { Webhook } from '@/api/schema';
import causes from '@/texts/en/causes.json';
import { type FailedAttempt, integratorMessage } from './integrator_message';

const webhook = { id: 'w-1', name: 'CRM', health: { failing_since: 1_731_493_800_000, pending: 3 } } as Webhook;
const attempt = (code: string, more: object = {}) =>
  ({ url: 'https://crm.example/hook', started_at: 1_731_493_900_000, duration_ms: 12.4, status_code: null, response_headers: null, response_body: null, error: { code, class: 'status', message: 'It failed.', params: {} }, ...more }) as unknown as FailedAttempt;

it('says what happened, in UTC, and what to do about this cause', () => {
  const text = integratorMessage(webhook, attempt('dns'), undefined);
  for (const part of ['POST https://crm.example/hook', '2024-11-13 10:30:00.000 UTC', 'no answer: It failed.', `What to do: ${causes.hint.dns}`, 'Waiting:         3']) expect(text).toContain(part);
});

it('quotes where a redirect points to, and how long a busy endpoint asked to wait', () => {
  expect(integratorMessage(webhook, attempt('redirect', { status_code: 301, response_headers: { Location: 'https://new.example/' } }), undefined)).toContain('It redirects to https://new.example/.');
  expect(integratorMessage(webhook, attempt('too_many_requests', { status_code: 429, response_headers: { 'Retry-After': '60' } }), undefined)).toContain('(Retry-After: 60)');
});

it('tells how to sign where the signature was refused, and has a sentence for a cause that it does not know', () => {
  expect(integratorMessage(webhook, attempt('unauthorized', { status_code: 401 }), undefined)).toContain('HMAC-SHA256 over the raw bytes');
  expect(integratorMessage(webhook, attempt('of_a_newer_server'), undefined)).toContain(`What to do: ${causes.hint.status}`);
});
