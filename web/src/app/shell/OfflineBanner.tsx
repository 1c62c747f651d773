// Says that the server does not answer, and goes by itself once it does.
import { Alert, Button, Group, Text } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';

import { connection, useConnectionLost } from '@/api/connection';
import { useTranslation } from '@/texts/translation';

export function OfflineBanner() {
  const { t } = useTranslation();
  const lost = useConnectionLost();
  if (!lost) return null;
  return (
    <Alert color="orange" mb="lg" role="alert" icon={<IconPlugConnectedX size={20} aria-hidden />} title={t('offline.title')}>
      <Group justify="space-between" gap="sm">
        <Text size="sm">{t('offline.text')}</Text>
        <Button size="xs" variant="default" onClick={() => void connection.probe()}>{t('offline.now')}</Button>
      </Group>
    </Alert>
  );
}
