import { Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { Navigate, useNavigate, useSearchParams } from 'react-router';

import { api, call } from '@/api/client';
import { hasStatus } from '@/api/problem';
import { beginSession, useSession } from '@/app/session';
import { FormError } from '@/parts/FormError';
import { PasswordField } from '@/parts/PasswordField';
import { useSubmit } from '@/parts/submit';
import { useTranslation } from '@/texts/translation';
import { AccessCard } from './AccessCard';
import { safeNext } from './safe_next';

export function SignInPage() {
  const { t } = useTranslation('access');
  const client = useQueryClient();
  const session = useSession();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const next = safeNext(search.get('next'));
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '' },
    validate: {
      email: (email) => (email.trim() === '' ? t('email_missing') : null),
      password: (password) => (password === '' ? t('password_missing') : null),
    },
  });
  const { submit, busy, error } = useSubmit(form, async ({ email, password }) => {
    const begun = await call(api.POST('/api/session', { body: { email: email.trim(), password } }));
    beginSession(client, begun);
    await navigate(next, { replace: true });
  });
  if (session.data && !busy) return <Navigate to={next} replace />;
  return (
    <AccessCard title={t('sign_in.title')}>
      <form onSubmit={submit} noValidate>
        <Stack mt="md">
          <FormError error={hasStatus(error, 401) ? new Error(t('sign_in.wrong')) : error} />
          <TextInput label={t('email')} type="email" autoComplete="username" autoFocus key={form.key('email')} {...form.getInputProps('email')} />
          <PasswordField label={t('password')} autoComplete="current-password" key={form.key('password')} {...form.getInputProps('password')} />
          <Button type="submit" loading={busy} fullWidth mt="xs">{t('sign_in.button')}</Button>
        </Stack>
      </form>
    </AccessCard>
  );
}
