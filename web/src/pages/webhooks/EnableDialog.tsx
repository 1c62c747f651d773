// Enabling a webhook that is owed something: send it, or discard it.
import { Button, Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { api, call } from '@/api/client';
import type { Webhook } from '@/api/schema';
import { FormError } from '@/parts/FormError';
import { notifyDone } from '@/parts/notify';
import { webhooksKey } from '@/queries/webhooks';
import { useTranslation } from '@/texts/translation';
import { sendNow } from './SendNow';

export function EnableDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { t } = useTranslation('webhook_acts');
  const { t: tCommon } = useTranslation();
  const client = useQueryClient();
  const [owed, setOwed] = useState<'send' | 'discard'>('send');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const count = webhook.health.pending;
  const enable = async () => {
    setBusy(true);
    setError(null);
    try {
      const body = owed === 'discard' && count > 0 ? { enabled: true, discard: true } : { enabled: true };
      await call(api.PATCH('/api/webhooks/{id}', { params: { path: { id: webhook.id } }, body }));
      // Deliveries that wait for a retry would still wait for their time.
      if (owed === 'send' && count > 0) await sendNow(webhook.id);
      await client.invalidateQueries({ queryKey: webhooksKey });
      notifyDone(owed === 'send' && count > 0 ? t('enable.done_sent', { count }) : t('enable.done'));
      onClose();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('enable.title', { name: webhook.name })} closeButtonProps={{ 'aria-label': tCommon('close') }}>
      <Stack>
        {count === 0 ? (
          <Text>{t('enable.nothing')}</Text>
        ) : (
          <Radio.Group label={t('enable.owed', { count })} value={owed} onChange={(value) => setOwed(value)}>
            <Stack gap="sm" mt="xs">
              <Radio value="send" label={t('enable.send', { count })} description={t('enable.send_text')} />
              <Radio value="discard" label={t('enable.discard')} description={t('enable.discard_text')} />
            </Stack>
          </Radio.Group>
        )}
        <FormError error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{tCommon('cancel')}</Button>
          <Button onClick={() => void enable()} loading={busy}>{t('enable.confirm')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
