// Sends again what the list's filter names, of one webhook: "everything that failed since Friday 18:00".
import { Button, Checkbox, Group, Modal, Stack } from '@mantine/core';
import { useState } from 'react';

import type { ReplayFilter } from '@/api/replay_filter';
import { DateTimeField } from '@/parts/DateFields';
import { fromPicker, toPicker } from '@/parts/picker_time';
import { ReplayDialog } from '@/parts/webhooks/ReplayDialog';
import { WebhookSelect } from '@/parts/webhooks/WebhookSelect';
import type { DeliveryFilter } from '@/queries/deliveries';
import { useWebhook } from '@/queries/webhooks';
import { useTranslation } from '@/texts/translation';

// Pending deliveries are left out: they are on their way already.
const statuses = ['failed', 'canceled', 'delivered'] as const;
type Ended = (typeof statuses)[number];

export function SendAgainDialog({ filter, onClose }: { filter: DeliveryFilter; onClose: () => void }) {
  const { t } = useTranslation('deliveries');
  const { t: tCommon } = useTranslation();
  const [webhookId, setWebhookId] = useState<string | null>(filter.webhook_id ?? null);
  const [chosen, setChosen] = useState<Ended[]>([statuses.find((status) => status === filter.status) ?? 'failed']);
  const [since, setSince] = useState(filter.since === undefined ? null : toPicker(filter.since));
  const [until, setUntil] = useState(filter.until === undefined ? null : toPicker(filter.until));
  const [replay, setReplay] = useState<ReplayFilter | null>(null);
  const webhook = useWebhook(webhookId ?? '').data;
  if (replay && webhook) {
    return <ReplayDialog webhookId={webhook.id} filter={replay} title={t('again.title')} text={webhook.name} onClose={onClose} />;
  }
  const next = () => {
    const [from, to] = [fromPicker(since), fromPicker(until)];
    setReplay({
      status: chosen,
      ...(filter.event && { events: [filter.event] }),
      ...(from !== undefined && { since: from }),
      ...(to !== undefined && { until: to }),
    });
  };
  return (
    <Modal opened onClose={onClose} title={t('again.title')} closeButtonProps={{ 'aria-label': tCommon('close') }}>
      <Stack>
        <WebhookSelect label={t('webhook')} value={webhookId} onChange={setWebhookId} allowDeselect={false} data-autofocus />
        <Checkbox.Group label={t('again.which')} value={chosen} onChange={(values) => setChosen(values)}>
          <Group mt={6}>
            {statuses.map((status) => <Checkbox key={status} value={status} label={t(`status.${status}`)} />)}
          </Group>
        </Checkbox.Group>
        <DateTimeField label={t('filter.since')} value={since} onChange={setSince} clearable />
        <DateTimeField label={t('filter.until')} value={until} onChange={setUntil} clearable />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{tCommon('cancel')}</Button>
          <Button onClick={next} disabled={webhookId === null || chosen.length === 0}>{t('again.count')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
