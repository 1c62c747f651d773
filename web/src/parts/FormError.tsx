// Why a form was refused, beside what its fields say themselves.
import { Alert } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';

import { useErrorText } from './ErrorState';

export function FormError({ error }: { error: unknown }) {
  const textOf = useErrorText();
  if (error === null || error === undefined) return null;
  const { text } = textOf(error);
  return <Alert color="red" icon={<IconAlertCircle size={18} aria-hidden />} role="alert">{text}</Alert>;
}
