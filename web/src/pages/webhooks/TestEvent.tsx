// Sends a test of one event, and shows what came back.
import { Alert, Anchor, Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconClock, IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, call } from '@/api/client';
import type { Attempt, DeliveryDetail, EventType } from '@/api/schema';
import { Link } from '@/app/links';
import { Code } from '@/parts/Code';
import { useAttemptText } from '@/parts/deliveries/attempt_text';
import { FormError } from '@/parts/FormError';

interface TestEventProps {
  webhook: { id: string; events: EventType[] };
}

export function TestEvent({ webhook }: TestEventProps) {
  const { t } = useTranslation('webhooks');
  const [event, setEvent] = useState<EventType>(webhook.events[0]!);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [result, setResult] = useState<DeliveryDetail | null>(null);
  const send = async () => {
    setBusy(true);
    setError(null);
    setResult(null);
    try {
      setResult(await call(api.POST('/api/webhooks/{id}/test', { params: { path: { id: webhook.id } }, body: { event } })));
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack>
      <Group align="flex-end" gap="sm">
        <Select
          label={t('test.event')}
          data={webhook.events}
          value={event}
          onChange={(chosen) => chosen && setEvent(chosen)}
          allowDeselect={false}
        />
        <Button leftSection={<IconSend size={16} aria-hidden />} onClick={() => void send()} loading={busy}>{t('test.send')}</Button>
      </Group>
      <FormError error={error} />
      <div aria-live="polite">{result && <TestResult delivery={result} />}</div>
    </Stack>
  );
}

function TestResult({ delivery }: { delivery: DeliveryDetail }) {
  const { t, i18n } = useTranslation('webhooks');
  const attempt = delivery.attempts[0];
  if (attempt === undefined) {
    return <Alert color="yellow" icon={<IconClock size={18} aria-hidden />}>{t('test.waiting')}</Alert>;
  }
  const delivered = delivery.status === 'delivered';
  const ms = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 0 }).format(attempt.duration_ms);
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
      </Stack>
    </Alert>
  );
}

function Cause({ attempt }: { attempt: Attempt & { error: NonNullable<Attempt['error']> } }) {
  const { cause, hint } = useAttemptText()(attempt);
  return <Text size="sm">{cause} {hint}</Text>;
}
