// The first start: the one-time token from the terminal makes the first administrator.
import { Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Navigate, useNavigate, useSearchParams } from 'react-router';

import { api, call } from '@/api/client';
import { beginSession } from '@/context/session';
import { FormError } from '@/parts/FormError';
import { FullPage } from '@/parts/FullPage';
import { Loaded } from '@/parts/Loaded';
import { PasswordField } from '@/parts/PasswordField';
import { useSubmit } from '@/parts/submit';
import { useTranslation } from '@/texts/translation';
import { AccessCard } from './AccessCard';

export function SetupPage() {
  const setup = useQuery({ queryKey: ['setup'], queryFn: () => call(api.GET('/api/setup')) });
  if (setup.data) return setup.data.needed ? <SetupForm /> : <Navigate to="/" replace />;
  return <FullPage><Loaded query={setup}>{() => null}</Loaded></FullPage>;
}

function SetupForm() {
  const { t, i18n } = useTranslation('access');
  const client = useQueryClient();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { token: search.get('token') ?? '', name: '', email: '', password: '' },
    validate: {
      token: (token) => (token.trim() === '' ? t('setup.token_missing') : null),
      name: (name) => (name.trim() === '' ? t('name_missing') : null),
      email: (email) => (email.includes('@') ? null : t('email_missing')),
      password: (password) => (password === '' ? t('password_missing') : null),
    },
  });
  const { submit, busy, error } = useSubmit(form, async (values) => {
    const body = { ...values, token: values.token.trim(), email: values.email.trim(), language: i18n.language };
    beginSession(client, await call(api.POST('/api/setup', { body })));
    await navigate('/', { replace: true });
  });
  return (
    <AccessCard title={t('setup.title')} text={t('setup.text')}>
      <form onSubmit={submit} noValidate>
        <Stack mt="md">
          <FormError error={error} />
          <TextInput
            label={t('setup.token')}
            description={t('setup.token_hint')}
            autoComplete="off"
            spellCheck={false}
            key={form.key('token')}
            {...form.getInputProps('token')}
          />
          <TextInput label={t('name')} autoComplete="name" key={form.key('name')} {...form.getInputProps('name')} />
          <TextInput label={t('email')} type="email" autoComplete="username" key={form.key('email')} {...form.getInputProps('email')} />
          <PasswordField
            label={t('password')}
            description={t('password_hint')}
            autoComplete="new-password"
            key={form.key('password')}
            {...form.getInputProps('password')}
          />
          <Button type="submit" loading={busy} fullWidth mt="xs">{t('setup.button')}</Button>
        </Stack>
      </form>
    </AccessCard>
  );
}
