// The dialog of ConfirmDialog.tsx.
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';

import { useTranslation } from '@/texts/translation';
import { FormError } from './FormError';

export interface ConfirmDialogProps {
  opened: boolean;
  title: string;
  text: ReactNode;
  // The button's text: the deed, not "OK".
  confirm: string;
  danger?: boolean;
  onClose: () => void;
  onConfirm: () => Promise<unknown>;
}

export function ConfirmModal({ opened, title, text, confirm, danger = false, onClose, onConfirm }: ConfirmDialogProps) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const close = () => {
    setError(null);
    onClose();
  };
  const act = async () => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      close();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <Text component="div">{text}</Text>
        <FormError error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>{t('cancel')}</Button>
          <Button color={danger ? 'red.8' : undefined} onClick={() => void act()} loading={busy}>{confirm}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
