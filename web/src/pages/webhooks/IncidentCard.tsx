// Says what is wrong with a webhook in trouble: since when, why, whose changes wait, what happens next, and what can be done.
import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconListDetails, IconSend } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api, call } from '@/api/client';
import type { Attempt, DeliveryDetail, Webhook } from '@/api/schema';
import { Link } from '@/context/links';
import { useMay } from '@/context/session';
import { CopyButton } from '@/parts/CopyButton';
import { useAttemptText } from '@/parts/deliveries/attempt_text';
import { Time, useNow } from '@/parts/Time';
import { useHealthText } from '@/parts/webhooks/HealthBadge';
import { deliveriesKey, useDelivery } from '@/queries/deliveries';
import { useSubjects } from '@/queries/events';
import { useStatistics } from '@/queries/webhooks';
import { Trans, useTranslation } from '@/texts/translation';
import styles from './IncidentCard.module.css';
import type { FailedAttempt } from './integrator_message';
import { SendNow } from './SendNow';
import { TestOutcome, useTest } from './TestEvent';

const namedMax = 5;
// Few ask for it, and it brings the English texts.
const message = async (...about: [Webhook, FailedAttempt, DeliveryDetail | undefined]) => (await import('./integrator_message')).integratorMessage(...about);

const isFailed = (attempt: Attempt | undefined): attempt is FailedAttempt => attempt?.error != null;

// The newest deliveries that wait after an attempt, else the newest that failed for good: whom they are about, and one with
// its attempts.
function useTroubled(webhook: Webhook) {
  const list = useQuery({
    queryKey: [...deliveriesKey, 'troubled', webhook.id, webhook.health.last_failed_at],
    queryFn: async () => {
      const load = (status: 'pending' | 'failed') => call(api.GET('/api/deliveries', { params: { query: { webhook_id: webhook.id, status, limit: 20 } } }));
      const pending = (await load('pending')).data;
      return pending.length > 0 ? pending : (await load('failed')).data;
    },
    placeholderData: keepPreviousData,
  });
  const shown = (list.data ?? []).toSorted((a, b) => b.attempt_count - a.attempt_count).slice(0, namedMax);
  const subjects = useSubjects(shown.map(({ event_id: id }) => id)).data;
  const failed = shown.find(({ last_attempt: last }) => last !== null && last.error_code !== null)?.id ?? '';
  const names = shown.map(({ event_id: id }) => subjects?.get(id) ?? null).filter((name) => name !== null);
  return { names: [...new Set(names)], delivery: useDelivery(failed).data };
}

export function IncidentCard({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation('webhooks');
  const healthText = useHealthText();
  const attemptText = useAttemptText();
  const may = useMay();
  const test = useTest(webhook.id);
  const tested = test.result?.status === 'delivered';
  const { names, delivery } = useTroubled(webhook);
  const next = useStatistics(webhook.id, '24h').data?.pending.next_attempt_at ?? null;
  const now = useNow();
  const { health } = webhook;
  const last = delivery?.attempts.at(-1);
  const attempt = isFailed(last) ? last : undefined;
  const text = attempt === undefined ? null : attemptText(attempt);
  const others = health.pending - names.length;
  const color = health.condition === 'failing' ? 'red' : health.condition === 'degraded' ? 'orange' : 'yellow';
  return (
    <Alert color={color} variant="default" className={styles.card} data-condition={health.condition} icon={<IconAlertTriangle size={20} aria-hidden />} title={t(`incident.${health.condition as 'failing'}`)} data-testid="incident">
      <Stack gap="sm">
        <Text size="sm">
          {healthText(health)}
          {health.failing_since !== null && <> <Trans t={t} i18nKey="incident.since" components={{ time: <Time at={health.failing_since} />, ago: <Time at={health.failing_since} style="ago" /> }} /></>}
        </Text>
        {text && (
          <div>
            <Text fw={600}>{text.cause}</Text>
            <Text size="sm">{text.hint}</Text>
            {text.technical && <Text size="xs" c="dimmed" lang="en">{text.technical}</Text>}
          </div>
        )}
        {health.pending > 0 && (
          <div>
            <Text size="sm" fw={600}>{t('incident.waiting', { count: health.pending })}</Text>
            {names.length > 0 && (
              <Text component="ul" size="sm" m={0} pl="lg">
                {names.map((name) => <li key={name}>{name}</li>)}
                {others > 0 && <li><Anchor component={Link} to={`/deliveries?webhook_id=${webhook.id}&status=pending`} inherit underline="always">{t('incident.others', { count: others })}</Anchor></li>}
              </Text>
            )}
            {next !== null && (
              <Text size="sm" mt={4}>{next > now ? <Trans t={t} i18nKey="owed.next" components={{ time: <Time at={next} style="ago" /> }} /> : t('incident.due')}</Text>
            )}
          </div>
        )}
        <Group gap="sm">
          {!tested && <SendNow webhook={webhook} size="xs" />}
          {may.manage && webhook.enabled && (
            <Button size="xs" variant="default" leftSection={<IconSend size={14} aria-hidden />} onClick={() => void test.send(webhook.events[0]!)} loading={test.busy}>{t('incident.test')}</Button>
          )}
          <Button component={Link} to={`/deliveries?webhook_id=${webhook.id}`} size="xs" variant="default" leftSection={<IconListDetails size={14} aria-hidden />}>{t('incident.look')}</Button>
          {attempt !== undefined && <CopyButton value={() => message(webhook, attempt, delivery)} size="xs">{t('incident.copy')}</CopyButton>}
        </Group>
        <TestOutcome error={test.error} result={test.result} whenDelivered={<SendNow webhook={webhook} />} />
      </Stack>
    </Alert>
  );
}
