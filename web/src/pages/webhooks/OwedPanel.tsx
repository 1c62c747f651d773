// Shows a webhook's pending deliveries and when the next retry is due, and offers to discard them.
import { Anchor, Button, Group, type PaperProps, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { api, call } from '@/api/client';
import type { Webhook } from '@/api/schema';
import { Link } from '@/context/links';
import { useMay } from '@/context/session';
import { ConfirmDialog } from '@/parts/ConfirmDialog';
import { notifyDone } from '@/parts/notify';
import { Panel } from '@/parts/Panel';
import { Time } from '@/parts/Time';
import { isTroubled } from '@/parts/webhooks/HealthBadge';
import { useStatistics, webhooksKey } from '@/queries/webhooks';
import { Trans, useTranslation } from '@/texts/translation';
import { SendNow } from './SendNow';

export function OwedPanel({ webhook, ...paper }: { webhook: Webhook } & PaperProps) {
  const { t } = useTranslation('webhooks');
  const may = useMay();
  const client = useQueryClient();
  const statistics = useStatistics(webhook.id, '24h');
  const [asking, setAsking] = useState(false);
  const count = webhook.health.pending;
  // The card above has the button then.
  const troubled = isTroubled(webhook);
  const next = statistics.data?.pending.next_attempt_at ?? null;
  const retrying = statistics.data?.pending.retrying ?? 0;
  return (
    <Panel
      title={t('owed.title')}
      actions={may.manage && count > 0 && (
        <Group gap="sm">
          <Button variant="default" onClick={() => setAsking(true)}>{t('owed.discard')}</Button>
          {!troubled && <SendNow webhook={webhook} />}
        </Group>
      )}
      {...paper}
    >
      {count === 0 ? (
        <Text c="dimmed">{t('owed.nothing')}</Text>
      ) : (
        <>
          <Text>
            <Anchor component={Link} to={`/deliveries?webhook_id=${webhook.id}&status=pending`} inherit underline="always">{t('owed.count', { count })}</Anchor>
            {retrying > 0 && ` ${t('owed.retrying', { count: retrying })}`}
          </Text>
          {webhook.enabled && next !== null && (
            <Text c="dimmed" mt={4}>
              <Trans t={t} i18nKey="owed.next" components={{ time: <Time at={next} style="ago" /> }} />
            </Text>
          )}
          {!webhook.enabled && <Text c="dimmed" mt={4}>{t('owed.held')}</Text>}
        </>
      )}
      <ConfirmDialog
        opened={asking}
        danger
        title={t('owed.discard_title', { count })}
        text={t('owed.discard_text')}
        confirm={t('owed.discard')}
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          const { canceled } = await call(api.POST('/api/webhooks/{id}/discard', { params: { path: { id: webhook.id } }, body: {} }));
          await client.invalidateQueries({ queryKey: webhooksKey });
          notifyDone(t('owed.discarded', { count: canceled }));
        }}
      />
    </Panel>
  );
}
