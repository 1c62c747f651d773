// The bar enables or disables the marked webhooks, one after the other.
import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { api, call } from '@/api/client';
import type { Webhook } from '@/api/schema';
import { ConfirmDialog } from '@/parts/ConfirmDialog';
import { MarkedBar } from '@/parts/MarkedBar';
import { notifyDone } from '@/parts/notify';
import { webhooksKey } from '@/queries/webhooks';
import { useTranslation } from '@/texts/translation';

interface BulkBarProps {
  marked: readonly Webhook[];
  onClear: () => void;
}

export function BulkBar({ marked, onClear }: BulkBarProps) {
  const { t } = useTranslation('webhooks');
  const client = useQueryClient();
  const [asking, setAsking] = useState<'enable' | 'disable' | null>(null);
  const changed = { enable: marked.filter(({ enabled }) => !enabled), disable: marked.filter(({ enabled }) => enabled) };
  const waiting = changed.enable.reduce((sum, { health }) => sum + health.pending, 0);
  const change = async (what: 'enable' | 'disable') => {
    try {
      for (const { id } of changed[what]) {
        await call(api.PATCH('/api/webhooks/{id}', { params: { path: { id } }, body: { enabled: what === 'enable' } }));
      }
      // Deliveries that wait for a retry would still wait for their time.
      const owed = changed.enable.filter(({ health }) => health.pending > 0).map(({ id }) => id);
      if (what === 'enable' && owed.length > 0) await call(api.POST('/api/webhooks/send-now', { body: { webhook_ids: owed } }));
    } finally {
      // The ones before one that was refused have changed.
      await client.invalidateQueries({ queryKey: webhooksKey });
    }
    notifyDone(t(`bulk.${what}d`, { count: changed[what].length }));
    onClear();
  };
  return (
    <>
      <MarkedBar label={t('bulk.label')} marked={t('bulk.marked', { count: marked.length })} clear={t('bulk.clear')} onClear={onClear}>
        {(['disable', 'enable'] as const).map((what) => (
          <Button
            key={what}
            size="compact-sm"
            variant={what === 'enable' ? 'filled' : 'default'}
            disabled={changed[what].length === 0}
            leftSection={what === 'enable' ? <IconPlayerPlay size={14} aria-hidden /> : <IconPlayerPause size={14} aria-hidden />}
            onClick={() => setAsking(what)}
          >
            {t(`bulk.${what}`, { count: changed[what].length })}
          </Button>
        ))}
      </MarkedBar>
      {asking && (
        <ConfirmDialog
          opened
          title={t(`bulk.${asking}_title`, { count: changed[asking].length })}
          text={asking === 'enable' ? t('bulk.enable_text', { count: waiting }) : t('bulk.disable_text')}
          confirm={t(`bulk.${asking}`, { count: changed[asking].length })}
          onClose={() => setAsking(null)}
          onConfirm={() => change(asking)}
        />
      )}
    </>
  );
}
