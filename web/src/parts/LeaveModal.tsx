// The dialog of LeaveGuard.tsx.
import { Button, Group, Modal, Stack, Text } from '@mantine/core';

import { useTranslation } from '@/texts/translation';

export function LeaveModal({ onStay, onLeave }: { onStay: () => void; onLeave: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={onStay} title={t('leave.title')} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <Text>{t('leave.text')}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onLeave}>{t('leave.leave')}</Button>
          <Button onClick={onStay} data-autofocus>{t('leave.stay')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
