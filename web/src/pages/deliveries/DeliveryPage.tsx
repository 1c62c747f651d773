// One delivery: what became of it, its payload, and every attempt with request, response and reason.
import { Accordion, Alert, Anchor, Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';

import { api, call } from '@/api/client';
import { hasStatus } from '@/api/problem';
import type { Attempt, DeliveryDetail, Webhook } from '@/api/schema';
import { Link } from '@/context/links';
import { useMay } from '@/context/session';
import { Badge } from '@/parts/Badge';
import { ConfirmDialog } from '@/parts/ConfirmDialog';
import { ResponseCode } from '@/parts/deliveries/ResponseCode';
import { StatusBadge } from '@/parts/deliveries/StatusBadge';
import { ErrorState } from '@/parts/ErrorState';
import { Fact } from '@/parts/Fact';
import { Loading } from '@/parts/Loading';
import { notifyDone } from '@/parts/notify';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { nameInPayload } from '@/parts/records/payload_name';
import { Time, useNow } from '@/parts/Time';
import { VenueName } from '@/parts/VenueName';
import { deliveriesKey } from '@/queries/deliveries';
import { useWebhook } from '@/queries/webhooks';
import { numberFormat } from '@/texts/formats';
import { Trans, useTranslation } from '@/texts/translation';
import { AttemptDetail } from './AttemptDetail';
import styles from './DeliveryPage.module.css';
import { useLiveDelivery } from './live_delivery';
import { Payload } from './Payload';
import { Timeline } from './Timeline';

export function DeliveryPage() {
  const { t } = useTranslation('deliveries');
  const { id = '' } = useParams();
  const delivery = useLiveDelivery(id);
  if (delivery.data) return <Detail delivery={delivery.data} />;
  return (
    <Page title={t('page.title')} back={{ to: '/deliveries', label: t('list.title') }}>
      <Panel>{delivery.error ? <ErrorState error={delivery.error} retry={() => void delivery.refetch()} /> : <Loading />}</Panel>
    </Page>
  );
}

function Detail({ delivery }: { delivery: DeliveryDetail }) {
  const { t } = useTranslation('deliveries');
  const found = useWebhook(delivery.webhook_id);
  const webhook = found.data;
  const gone = hasStatus(found.error, 404);
  const kind = delivery.event.startsWith('contact') ? 'contacts' : 'accounts';
  return (
    <Page
      title={delivery.event}
      badge={
        <Group gap={6}>
          <StatusBadge delivery={delivery} />
          {delivery.test && <Badge color="grape">{t('test')}</Badge>}
        </Group>
      }
      back={{ to: '/deliveries', label: t('list.title') }}
      actions={<Redeliver delivery={delivery} gone={gone} />}
    >
      {delivery.status === 'pending' && <Waiting delivery={delivery} webhook={webhook} />}
      <Panel>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
          <Fact label={t('webhook')}>
            {webhook ? <Anchor component={Link} to={`/webhooks/${webhook.id}`} inherit>{webhook.name}</Anchor> : gone ? t('webhook_gone') : '—'}
          </Fact>
          <Fact label={t('subject')}>
            {delivery.test ? (
              delivery.resource_id
            ) : (
              <Anchor component={Link} to={`/${kind}/${encodeURIComponent(delivery.venue_id)}/${encodeURIComponent(delivery.resource_id)}`} inherit>
                {nameInPayload(delivery.payload) ?? delivery.resource_id}
              </Anchor>
            )}
          </Fact>
          <Fact label={t('venue')}><VenueName id={delivery.venue_id} /></Fact>
          <Fact label={t('created')}><Time at={delivery.created_at} /></Fact>
          <Fact label={t('page.key')}><code>{delivery.id}</code></Fact>
          <Fact label={t('page.event_id')}>{delivery.test ? <code>{delivery.event_id}</code> : <Anchor component={Link} to={`/events/${delivery.event_id}`} inherit ff="monospace" fz="sm">{delivery.event_id}</Anchor>}</Fact>
          <Fact label={t('page.delivered_at')}>{delivery.delivered_at === null ? '—' : <Time at={delivery.delivered_at} />}</Fact>
        </SimpleGrid>
      </Panel>
      <Panel title={t('page.attempts', { count: delivery.attempts.length })} flush={delivery.attempts.length > 0}>
        <div className={delivery.attempts.length > 0 ? styles.timeline : undefined}><Timeline delivery={delivery} halted={webhook?.enabled === false} /></div>
        {delivery.attempts.length === 0 ? <Text c="dimmed">{t('page.no_attempt')}</Text> : <Attempts attempts={delivery.attempts} />}
      </Panel>
      <Payload delivery={delivery} />
    </Page>
  );
}

// Says what a pending delivery waits for: its time, its turn, its webhook's limit, or a webhook that is disabled.
function Waiting({ delivery, webhook }: { delivery: DeliveryDetail; webhook: Webhook | undefined }) {
  const { t } = useTranslation('deliveries');
  const now = useNow();
  const next = delivery.next_attempt_at;
  if (webhook?.enabled === false) return <Alert color="gray">{t('waiting.disabled')}</Alert>;
  if (next !== null && next > now && delivery.attempt_count > 0) {
    return (
      <Alert color="orange">
        <Trans t={t} i18nKey="page.next" values={{ number: delivery.attempt_count + 1 }} components={{ time: <Time at={next} style="ago" /> }} />
      </Alert>
    );
  }
  const limited = webhook !== undefined && (webhook.max_per_second !== null || webhook.max_concurrent !== null);
  const reason = limited ? 'limit' : webhook?.ordering === 'strict' ? 'order' : 'turn';
  return <Alert color="blue">{t(`waiting.${reason}`, { number: delivery.attempt_count + 1 })}</Alert>;
}

// The newest first, and open.
function Attempts({ attempts }: { attempts: Attempt[] }) {
  const { t, i18n } = useTranslation('deliveries');
  const newest = attempts.at(-1)!;
  const ms = (value: number) => numberFormat(i18n.language, { maximumFractionDigits: 1 }).format(value);
  return (
    <Accordion key={newest.number} defaultValue={String(newest.number)} chevronPosition="left">
      {attempts.toReversed().map((attempt) => (
        <Accordion.Item key={attempt.number} value={String(attempt.number)}>
          <Accordion.Control>
            <Group gap="md" justify="space-between" pr="md">
              <Group gap="sm">
                <Text fw={600}>{t('attempt.title', { number: attempt.number })}</Text>
                <ResponseCode code={attempt.status_code} errorClass={attempt.error?.class ?? null} />
                {attempt.trigger === 'manual' && <Badge color="blue" small>{t('attempt.manual')}</Badge>}
              </Group>
              <Text size="sm" c="dimmed"><Time at={attempt.started_at} /> · {t('attempt.took', { ms: ms(attempt.duration_ms) })}</Text>
            </Group>
          </Accordion.Control>
          <Accordion.Panel><AttemptDetail attempt={attempt} /></Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

function Redeliver({ delivery, gone }: { delivery: DeliveryDetail; gone: boolean }) {
  const { t } = useTranslation('deliveries');
  const may = useMay();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  if (!may.manage || gone) return null;
  return (
    <>
      <Button leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => setAsking(true)}>{t('redeliver.button')}</Button>
      <ConfirmDialog
        opened={asking}
        title={t('redeliver.title')}
        text={<Stack gap="xs"><Text>{t('redeliver.text')}</Text>{delivery.status === 'delivered' && <Text>{t('redeliver.delivered')}</Text>}</Stack>}
        confirm={t('redeliver.button')}
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          await call(api.POST('/api/deliveries/{id}/redeliver', { params: { path: { id: delivery.id } }, body: {} }));
          await client.invalidateQueries({ queryKey: deliveriesKey });
          notifyDone(t('redeliver.done'));
        }}
      />
    </>
  );
}
