// Sends at once what waits for its retry: after an endpoint was repaired nobody waits for the schedule.
import { Button } from '@mantine/core';
import { IconSend2 } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api, call } from '@/api/client';
import type { Webhook } from '@/api/schema';
import { useMay } from '@/context/session';
import { useErrorText } from '@/parts/ErrorState';
import { notifyDone, notifyFailed } from '@/parts/notify';
import { deliveriesKey } from '@/queries/deliveries';
import { useStatistics, webhooksKey } from '@/queries/webhooks';
import { useTranslation } from '@/texts/translation';

export function sendNow(id: string) {
  return call(api.POST('/api/webhooks/{id}/send-now', { params: { path: { id } }, body: {} }));
}

interface SendNowProps {
  webhook: Webhook;
  size?: string;
}

// The button is absent where nothing waits for a retry, or the user may not send.
export function SendNow({ webhook, size = 'sm' }: SendNowProps) {
  const { t } = useTranslation('webhooks');
  const may = useMay();
  const textOf = useErrorText();
  const client = useQueryClient();
  const retrying = useStatistics(webhook.id, '24h').data?.pending.retrying ?? 0;
  const send = useMutation({
    mutationFn: () => sendNow(webhook.id),
    onSuccess: async ({ made_due }) => {
      notifyDone(t('send_now.done', { count: made_due }));
      await Promise.all([client.invalidateQueries({ queryKey: webhooksKey }), client.invalidateQueries({ queryKey: deliveriesKey })]);
    },
    onError: (error) => notifyFailed(textOf(error).text),
  });
  if (!may.manage || !webhook.enabled || retrying === 0 || webhook.health.pending === 0) return null;
  return (
    <Button size={size} leftSection={<IconSend2 size={16} aria-hidden />} onClick={() => send.mutate()} loading={send.isPending}>
      {t('send_now.send', { count: webhook.health.pending })}
    </Button>
  );
}
