// A form in a dialog: its fields, why it was refused, and the two buttons below.
import { Button, Group, Modal, Stack } from '@mantine/core';
import type { SubmitEventHandler, ReactNode } from 'react';

import { useTranslation } from '@/texts/translation';
import { FormError } from './FormError';

interface FormDialogProps {
  title: string;
  // The button's text.
  confirm: string;
  size?: string;
  onClose: () => void;
  // As useSubmit() returns it.
  submit: SubmitEventHandler<HTMLFormElement>;
  busy: boolean;
  error: unknown;
  children: ReactNode;
}

export function FormDialog({ title, confirm, size, onClose, submit, busy, error, children }: FormDialogProps) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={onClose} title={title} size={size} closeButtonProps={{ 'aria-label': t('close') }} closeOnClickOutside={false}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <FormError error={error} />
          {children}
          <Group justify="flex-end" mt="xs">
            <Button variant="default" onClick={onClose}>{t('cancel')}</Button>
            <Button type="submit" loading={busy}>{confirm}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
