// The form by which one changes one's own password.
import { Button, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactNode } from 'react';

import { FormError } from '@/parts/FormError';
import { PasswordField } from '@/parts/PasswordField';
import { useSubmit } from '@/parts/submit';
import { useTranslation } from '@/texts/translation';

interface ChangePasswordFormProps {
  email: string;
  currentLabel: string;
  change: (passwords: { current_password: string; password: string }) => Promise<void>;
  children?: ReactNode;
}

export function ChangePasswordForm({ email, currentLabel, change, children }: ChangePasswordFormProps) {
  const { t } = useTranslation('access');
  const given = (password: string) => (password === '' ? t('password_missing') : null);
  const form = useForm({
    initialValues: { current_password: '', password: '' },
    validate: { current_password: given, password: given },
  });
  const { submit, busy, error } = useSubmit(form, async (passwords) => {
    await change(passwords);
    form.reset();
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <FormError error={error} />
        {/* For password managers. */}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <PasswordField label={currentLabel} autoComplete="current-password" {...form.getInputProps('current_password')} />
        <PasswordField label={t('account.new')} description={t('password_hint')} autoComplete="new-password" {...form.getInputProps('password')} />
        <Button type="submit" loading={busy}>{t('account.change')}</Button>
        {children}
      </Stack>
    </form>
  );
}
