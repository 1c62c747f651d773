// A password that somebody else gave must be changed before anything else.
import { Anchor, Button, Center, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { Navigate, useNavigate } from 'react-router';

import { api, call } from '@/api/client';
import { beginSession, useSession, useSignOut } from '@/app/session';
import { FormError } from '@/parts/FormError';
import { FullPage } from '@/parts/FullPage';
import { Loaded } from '@/parts/Loaded';
import { PasswordField } from '@/parts/PasswordField';
import { useSubmit } from '@/parts/submit';
import { useTranslation } from '@/texts/translation';
import { AccessCard } from './AccessCard';

export function FirstPasswordPage() {
  const session = useSession();
  if (session.data === null) return <Navigate to="/sign-in" replace />;
  if (session.data === undefined) return <FullPage><Loaded query={session}>{() => null}</Loaded></FullPage>;
  if (!session.data.user.must_change_password) return <Navigate to="/" replace />;
  return <FirstPasswordForm email={session.data.user.email} />;
}

function FirstPasswordForm({ email }: { email: string }) {
  const { t } = useTranslation('access');
  const { t: tCommon } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const form = useForm({
    initialValues: { current_password: '', password: '' },
    validate: {
      current_password: (password) => (password === '' ? t('password_missing') : null),
      password: (password) => (password === '' ? t('password_missing') : null),
    },
  });
  const { submit, busy, error } = useSubmit(form, async (body) => {
    beginSession(client, await call(api.PATCH('/api/session', { body })));
    await navigate('/', { replace: true });
  });
  return (
    <AccessCard title={t('first_password.title')} text={t('first_password.text')}>
      <form onSubmit={submit} noValidate>
        <Stack mt="md">
          <FormError error={error} />
          {/* For password managers. */}
          <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
          <PasswordField label={t('first_password.current')} autoComplete="current-password" {...form.getInputProps('current_password')} />
          <PasswordField label={t('account.new')} description={t('password_hint')} autoComplete="new-password" {...form.getInputProps('password')} />
          <Button type="submit" loading={busy} fullWidth mt="xs">{t('account.change')}</Button>
          <Center><Anchor component="button" type="button" size="sm" onClick={() => void signOut()}>{tCommon('user.sign_out')}</Anchor></Center>
        </Stack>
      </form>
    </AccessCard>
  );
}
