// Sends a test of one event, and shows what came back.
import { Alert, Anchor, Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconClock, IconSend } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';

import { api, call } from '@/api/client';
import type { Attempt, DeliveryDetail, EventType } from '@/api/schema';
import { Link } from '@/context/links';
import { Code } from '@/parts/Code';
import { useAttemptText } from '@/parts/deliveries/attempt_text';
import { FormError } from '@/parts/FormError';
import { numberFormat } from '@/texts/formats';
import { useTranslation } from '@/texts/translation';

interface TestEventProps {
  webhook: { id: string; events: EventType[] };
  // Offered when a test was delivered.
  whenDelivered?: ReactNode;
}

// A test of a webhook: the way to send it, and what came of the last one.
export function useTest(id: string) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [result, setResult] = useState<DeliveryDetail | null>(null);
  const send = async (event: EventType) => {
    setBusy(true);
    setError(null);
    setResult(null);
    try {
      setResult(await call(api.POST('/api/webhooks/{id}/test', { params: { path: { id } }, body: { event } })));
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, result, send };
}

export function TestEvent({ webhook, whenDelivered }: TestEventProps) {
  const { t } = useTranslation('webhooks');
  const [chosen, setEvent] = useState<EventType>(webhook.events[0]!);
  const event = webhook.events.includes(chosen) ? chosen : webhook.events[0]!;  // the webhook may have been edited meanwhile
  const { busy, error, result, send } = useTest(webhook.id);
  return (
    <Stack>
      <Group align="flex-end" gap="sm">
        <NativeSelect label={t('test.event')} data={webhook.events} value={event} onChange={({ currentTarget }) => setEvent(currentTarget.value as EventType)} />
        <Button leftSection={<IconSend size={16} aria-hidden />} onClick={() => void send(event)} loading={busy}>{t('test.send')}</Button>
      </Group>
      <TestOutcome error={error} result={result} whenDelivered={whenDelivered} />
    </Stack>
  );
}

interface TestOutcomeProps {
  error: unknown;
  result: DeliveryDetail | null;
  whenDelivered?: ReactNode;
}

export function TestOutcome({ error, result, whenDelivered }: TestOutcomeProps) {
  return (
    <>
      <FormError error={error} />
      <div aria-live="polite">{result && <TestResult delivery={result} whenDelivered={whenDelivered} />}</div>
    </>
  );
}

function TestResult({ delivery, whenDelivered }: { delivery: DeliveryDetail; whenDelivered?: ReactNode }) {
  const { t, i18n } = useTranslation('webhooks');
  const attempt = delivery.attempts[0];
  if (attempt === undefined) {
    return <Alert color="yellow" icon={<IconClock size={18} aria-hidden />}>{t('test.waiting')}</Alert>;
  }
  const delivered = delivery.status === 'delivered';
  const ms = numberFormat(i18n.language, { maximumFractionDigits: 0 }).format(attempt.duration_ms);
  return (
    <Alert
      color={delivered ? 'teal' : 'red'}
      icon={delivered ? <IconCircleCheck size={18} aria-hidden /> : <IconCircleX size={18} aria-hidden />}
      title={
        attempt.status_code === null
          ? t('test.no_answer', { ms })
          : t(delivered ? 'test.delivered' : 'test.failed', { status: attempt.status_code, ms })
      }
    >
      <Stack gap="xs">
        {attempt.error && <Cause attempt={{ ...attempt, error: attempt.error }} />}
        {attempt.response_body !== null && attempt.response_body !== '' && <Code label={t('test.answer')} wrap>{attempt.response_body}</Code>}
        <Anchor component={Link} to={`/deliveries/${delivery.id}`} size="sm">{t('test.details')}</Anchor>
        {delivered && whenDelivered && <Group>{whenDelivered}</Group>}
      </Stack>
    </Alert>
  );
}

function Cause({ attempt }: { attempt: Attempt & { error: NonNullable<Attempt['error']> } }) {
  const { cause, hint } = useAttemptText()(attempt);
  return <Text size="sm">{cause} {hint}</Text>;
}
