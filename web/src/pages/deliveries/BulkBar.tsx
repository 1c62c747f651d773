// The bar offers what can be done with the marked deliveries, of however many webhooks.
import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';

import { MarkedBar } from '@/parts/MarkedBar';
import { useTranslation } from '@/texts/translation';
import { SendMarkedDialog } from './SendMarkedDialog';

interface BulkBarProps {
  marked: ReadonlySet<string>;
  // Marks all that the filter finds, up to markedMax; null: all that are found are marked.
  onMarkFound: (() => Promise<void>) | null;
  onClear: () => void;
}

export function BulkBar({ marked, onMarkFound, onClear }: BulkBarProps) {
  const { t } = useTranslation('deliveries');
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  return (
    <>
      <MarkedBar
        label={t('bulk.label')}
        marked={t('bulk.marked', { count: marked.size })}
        clear={t('bulk.clear')}
        onClear={onClear}
        more={onMarkFound && (
          <Button size="compact-sm" variant="subtle" loading={busy} onClick={() => { setBusy(true); void onMarkFound().finally(() => setBusy(false)); }}>{t('bulk.found')}</Button>
        )}
      >
        <Button size="compact-sm" leftSection={<IconRefresh size={14} aria-hidden />} onClick={() => setAsking(true)}>{t('bulk.send', { count: marked.size })}</Button>
      </MarkedBar>
      {asking && <SendMarkedDialog ids={[...marked]} onClose={() => setAsking(false)} onDone={onClear} />}
    </>
  );
}
