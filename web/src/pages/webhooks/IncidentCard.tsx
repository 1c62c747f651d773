// Says what is wrong with a webhook: since when, why, whose changes wait, what happens next, and what can be done.
import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconListDetails, IconSend } from '@tabler/icons-react';
import { useQueries, useQuery } from '@tanstack/react-query';

import { api, call } from '@/api/client';
import type { Attempt, DeliveryDetail, Webhook } from '@/api/schema';
import { Link } from '@/app/links';
import { useMay } from '@/app/session';
import { CopyButton } from '@/parts/CopyButton';
import { useAttemptText } from '@/parts/deliveries/attempt_text';
import { formatUtc } from '@/parts/format_time';
import { nameInPayload } from '@/parts/records/payload_name';
import { Time, useNow } from '@/parts/Time';
import { useHealthText } from '@/parts/webhooks/HealthBadge';
import { deliveriesKey } from '@/queries/deliveries';
import { useStatistics } from '@/queries/webhooks';
import { Trans, useTranslation } from '@/texts/translation';
import styles from './IncidentCard.module.css';
import { SendNow } from './SendNow';
import { TestOutcome, useTest } from './TestEvent';

const namedMax = 5;
const bodyShownMax = 300;
const troubles = new Set(['failing', 'degraded', 'slow']);

export function isTroubled(webhook: Webhook): boolean {
  return troubles.has(webhook.health.condition);
}

export function IncidentCard({ webhook }: { webhook: Webhook }) {
  if (!isTroubled(webhook)) return null;
  return <Incident webhook={webhook} />;
}

type FailedAttempt = Attempt & { error: NonNullable<Attempt['error']> };
const isFailed = (attempt: Attempt | undefined): attempt is FailedAttempt => attempt?.error != null;

// The newest deliveries that wait after an attempt, with their payloads and attempts; else the newest that failed for good.
function useTroubled(webhook: Webhook) {
  const list = useQuery({
    queryKey: [...deliveriesKey, 'troubled', webhook.id, webhook.health.last_failed_at],
    queryFn: async () => {
      const load = (status: 'pending' | 'failed') => call(api.GET('/api/deliveries', { params: { query: { webhook_id: webhook.id, status, limit: 20 } } }));
      const pending = (await load('pending')).data;
      return pending.length > 0 ? pending : (await load('failed')).data;
    },
  });
  const shown = (list.data ?? []).toSorted((a, b) => b.attempt_count - a.attempt_count).slice(0, namedMax);
  return useQueries({
    queries: shown.map(({ id }) => ({
      queryKey: [...deliveriesKey, id],
      queryFn: () => call(api.GET('/api/deliveries/{id}', { params: { path: { id } } })),
    })),
    combine: (results) => results.flatMap(({ data }) => (data === undefined ? [] : [data])),
  });
}

function Incident({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation('webhooks');
  const healthText = useHealthText();
  const attemptText = useAttemptText();
  const may = useMay();
  const test = useTest(webhook.id);
  const tested = test.result?.status === 'delivered';
  const troubled = useTroubled(webhook);
  const next = useStatistics(webhook.id, '24h').data?.pending.next_attempt_at ?? null;
  const now = useNow();
  const { health } = webhook;
  const attempt = troubled.map(({ attempts }) => attempts.at(-1)).find(isFailed);
  const text = attempt === undefined ? null : attemptText(attempt);
  const names = [...new Set(troubled.map(({ payload }) => nameInPayload(payload)).filter((name) => name !== null))];
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
          {attempt !== undefined && <CopyButton value={messageFor(webhook, attempt, troubled)} size="xs">{t('incident.copy')}</CopyButton>}
        </Group>
        <TestOutcome error={test.error} result={test.result} whenDelivered={<SendNow webhook={webhook} />} />
      </Stack>
    </Alert>
  );
}

// Returns what an integrator needs, in English as their tools and logs are: times in UTC, the request and the response.
function messageFor(webhook: Webhook, attempt: FailedAttempt, troubled: DeliveryDetail[]): string {
  const delivery = troubled.find(({ attempts }) => attempts.at(-1) === attempt);
  const lines = [
    `Webhook "${webhook.name}" (${webhook.id}) fails.`,
    '',
    `URL:             POST ${attempt.url}`,
    `Failing since:   ${webhook.health.failing_since === null ? 'unknown' : formatUtc(webhook.health.failing_since)}`,
    `Last attempt:    ${formatUtc(attempt.started_at)}, ${Math.round(attempt.duration_ms)} ms`,
    `Result:          ${attempt.status_code === null ? 'no answer' : `HTTP ${attempt.status_code}`}: ${attempt.error.message}`,
    `Idempotency-Key: ${delivery?.id ?? 'unknown'}`,
    `Waiting:         ${webhook.health.pending}`,
  ];
  if (attempt.response_body) lines.push('', 'Answer of the endpoint:', attempt.response_body.slice(0, bodyShownMax));
  lines.push('', 'Please make the endpoint answer 200-299 within 5 seconds. What waits is sent again by itself; one Idempotency-Key is never to be processed twice.');
  return lines.join('\n');
}
