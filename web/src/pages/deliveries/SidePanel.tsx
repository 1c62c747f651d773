// A delivery beside the list: enough to know what happened, and the way to its page.
import { ActionIcon, Alert, Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconArrowUpRight, IconRefresh, IconX } from '@tabler/icons-react';

import type { DeliveryDetail } from '@/api/schema';
import { Link } from '@/context/links';
import { useMay } from '@/context/session';
import { Badge } from '@/parts/Badge';
import { CopyButton } from '@/parts/CopyButton';
import { useAttemptText } from '@/parts/deliveries/attempt_text';
import { ResponseCode } from '@/parts/deliveries/ResponseCode';
import { StatusBadge } from '@/parts/deliveries/StatusBadge';
import { Fact } from '@/parts/Fact';
import { JsonTree } from '@/parts/json/JsonTree';
import { Loaded } from '@/parts/Loaded';
import { nameInPayload } from '@/parts/records/payload_name';
import { Time } from '@/parts/Time';
import { VenueName } from '@/parts/VenueName';
import { useWebhook } from '@/queries/webhooks';
import { useTranslation } from '@/texts/translation';
import { useLiveDelivery } from './live_delivery';
import styles from './SidePanel.module.css';
import { Timeline } from './Timeline';

interface SidePanelProps {
  id: string;
  onClose: () => void;
  onSendAgain: () => void;
}

export function SidePanel({ id, onClose, onSendAgain }: SidePanelProps) {
  const { t } = useTranslation('deliveries');
  const { t: tCommon } = useTranslation();
  const may = useMay();
  const delivery = useLiveDelivery(id);
  return (
    <aside className={styles.panel} aria-label={t('page.title')}>
      <Group justify="space-between" wrap="nowrap" gap="xs" className={styles.head}>
        <Group gap="xs" wrap="nowrap" miw={0}>
          <Title order={2} size="h3" className={styles.title}>{delivery.data?.event ?? t('page.title')}</Title>
          {delivery.data && <StatusBadge delivery={delivery.data} />}
        </Group>
        <Group gap={4} wrap="nowrap">
          {may.manage && <Button size="compact-sm" leftSection={<IconRefresh size={14} aria-hidden />} onClick={onSendAgain}>{t('redeliver.button')}</Button>}
          <ActionIcon component={Link} to={`/deliveries/${id}`} variant="subtle" color="gray" aria-label={t('panel.page')}><IconArrowUpRight size={18} aria-hidden /></ActionIcon>
          <ActionIcon variant="subtle" color="gray" aria-label={tCommon('close')} onClick={onClose}><IconX size={18} aria-hidden /></ActionIcon>
        </Group>
      </Group>
      <div className={styles.body} tabIndex={0} role="group" aria-label={t('page.title')}>
        <Loaded query={delivery}>{(data) => <Brief delivery={data} />}</Loaded>
      </div>
    </aside>
  );
}

function Brief({ delivery }: { delivery: DeliveryDetail }) {
  const { t } = useTranslation('deliveries');
  const attemptText = useAttemptText();
  const webhook = useWebhook(delivery.webhook_id).data;
  const last = delivery.attempts.at(-1);
  const failed = last?.error ? attemptText({ ...last, error: last.error }) : null;
  const kind = delivery.event.startsWith('contact') ? 'contacts' : 'accounts';
  return (
    <Stack gap="md">
      {failed && <Alert color="red" title={failed.cause}><Text size="sm">{failed.hint}</Text></Alert>}
      <Timeline delivery={delivery} halted={webhook?.enabled === false} />
      <div className={styles.facts}>
        <Fact label={t('subject')}>
          {delivery.test ? <Badge color="grape">{t('test')}</Badge> : (
            <Anchor component={Link} to={`/${kind}/${encodeURIComponent(delivery.venue_id)}/${encodeURIComponent(delivery.resource_id)}`} inherit>
              {nameInPayload(delivery.payload) ?? delivery.resource_id}
            </Anchor>
          )}
        </Fact>
        <Fact label={t('webhook')}>{webhook ? <Anchor component={Link} to={`/webhooks/${webhook.id}`} inherit>{webhook.name}</Anchor> : '—'}</Fact>
        <Fact label={t('venue')}><VenueName id={delivery.venue_id} /></Fact>
        <Fact label={t('created')}><Time at={delivery.created_at} /></Fact>
        <Fact label={t('answer')}>{last ? <><ResponseCode code={last.status_code} errorClass={last.error?.class ?? null} /> · <Time at={last.started_at} style="time" /></> : '—'}</Fact>
        <Fact label={t('page.key')}><Group gap={4} wrap="nowrap"><code className={styles.key}>{delivery.id}</code><CopyButton value={delivery.id} /></Group></Fact>
      </div>
      <JsonTree label={t('payload.formatted')} text={delivery.payload} venueId={delivery.venue_id} />
    </Stack>
  );
}
