// The form of a webhook's settings, for a new one and for an edit: its values, what they must be, and what is sent.
import type { UseFormReturnType } from '@mantine/form';
import type { TFunction } from 'i18next';

import type { EventType, NewWebhook, Scope, Webhook, WebhookPatch } from '@/api/schema';

export interface HeaderRow {
  name: string;
  // "***" stands for the stored value, which is never shown.
  value: string;
}

export interface WebhookValues extends Record<string, unknown> {
  name: string;
  url: string;
  events: EventType[];
  scope: Scope | null;
  ordering: Webhook['ordering'];
  standard_headers: boolean;
  headers: HeaderRow[];
  max_concurrent: number | '';
  max_per_second: number | '';
  retry_schedule: Webhook['retry_schedule'];
  disable_after_days: number | '';
}

export type WebhookForm = UseFormReturnType<WebhookValues>;

export function emptyValues(scope: Scope | null): WebhookValues {
  return {
    name: '',
    url: '',
    events: [],
    scope,
    ordering: 'relaxed',
    standard_headers: false,
    headers: [],
    max_concurrent: '',
    max_per_second: '',
    retry_schedule: 'standard',
    disable_after_days: '',
  };
}

export function valuesOf(webhook: Webhook): WebhookValues {
  return {
    name: webhook.name,
    url: webhook.url,
    events: webhook.events,
    scope: webhook.scope,
    ordering: webhook.ordering,
    standard_headers: webhook.standard_headers,
    headers: Object.entries(webhook.headers).map(([name, value]) => ({ name, value })),
    max_concurrent: webhook.max_concurrent ?? '',
    max_per_second: webhook.max_per_second ?? '',
    retry_schedule: webhook.retry_schedule,
    disable_after_days: webhook.disable_after_days ?? '',
  };
}

export function validateWebhook(t: TFunction<'webhook_form'>) {
  return {
    name: (name: string) => (name.trim() === '' ? t('form.name_missing') : null),
    url: (url: string) => (url.trim() === '' ? t('form.url_missing') : null),
    events: (events: EventType[]) => (events.length === 0 ? t('form.events_missing') : null),
    scope: (scope: Scope | null) => (scope === null ? t('form.scope_missing') : null),
    headers: {
      name: (name: string) => (name.trim() === '' ? t('form.header_name_missing') : null),
    },
  };
}

function settingsOf(values: WebhookValues): WebhookPatch {
  return {
    name: values.name.trim(),
    url: values.url.trim(),
    events: values.events,
    ordering: values.ordering,
    standard_headers: values.standard_headers,
    headers: Object.fromEntries(values.headers.map(({ name, value }) => [name.trim(), value])),
    max_concurrent: values.max_concurrent === '' ? null : values.max_concurrent,
    max_per_second: values.max_per_second === '' ? null : values.max_per_second,
    retry_schedule: values.retry_schedule,
    disable_after_days: values.disable_after_days === '' ? null : values.disable_after_days,
  };
}

export function newWebhookOf(values: WebhookValues): NewWebhook {
  return { ...settingsOf(values), scope: values.scope! } as NewWebhook;
}

// Only what was changed, so that two people who edit different things do not undo each other.
export function patchOf(values: WebhookValues, before: WebhookValues): WebhookPatch {
  const now = settingsOf(values);
  const then = settingsOf(before);
  return Object.fromEntries(
    Object.entries(now).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(then[key as keyof WebhookPatch])),
  );
}
