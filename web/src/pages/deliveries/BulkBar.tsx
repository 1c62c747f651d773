// The bar offers what can be done with the marked deliveries, of however many webhooks.
import { Button, Group, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';

import { useTranslation } from '@/texts/translation';
import styles from './BulkBar.module.css';
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
    <div className={styles.bar} role="region" aria-label={t('bulk.label')}>
      <Text size="sm" fw={600} aria-live="polite">{t('bulk.marked', { count: marked.size })}</Text>
      {onMarkFound && (
        <Button size="compact-sm" variant="subtle" loading={busy} onClick={() => { setBusy(true); void onMarkFound().finally(() => setBusy(false)); }}>{t('bulk.found')}</Button>
      )}
      <Group gap="xs" ml="auto">
        <Button size="compact-sm" variant="default" onClick={onClear}>{t('bulk.clear')}</Button>
        <Button size="compact-sm" leftSection={<IconRefresh size={14} aria-hidden />} onClick={() => setAsking(true)}>{t('bulk.send', { count: marked.size })}</Button>
      </Group>
      {asking && <SendMarkedDialog ids={[...marked]} onClose={() => setAsking(false)} onDone={onClear} />}
    </div>
  );
}
