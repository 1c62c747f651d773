import { Anchor, Button, Center, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Navigate, useLocation, useNavigate, useSearchParams } from 'react-router';

import { api, call } from '@/api/client';
import { asksForCode, hasStatus, isKind } from '@/api/problem';
import { beginSession, useSession } from '@/context/session';
import { CodeField } from '@/parts/CodeField';
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
  // A link that set a password names the address.
  const given = useLocation().state as { email?: string } | null;
  // The password was right, and a code is needed too.
  const [asked, setAsked] = useState(false);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: given?.email ?? '', password: '', code: '' },
    validate: {
      code: (code) => (asked && code.trim() === '' ? t('second_factor.code_missing') : null),
      email: (email) => (email.trim() === '' ? t('email_missing') : null),
      password: (password) => (password === '' ? t('password_missing') : null),
    },
  });
  const { submit, busy, error } = useSubmit(form, async ({ email, password, code }) => {
    const body = { email: email.trim(), password, ...(asked && { code: code.trim() }) };
    try {
      beginSession(client, await call(api.POST('/api/session', { body })));
    } catch (failure) {
      if (!asksForCode(failure)) throw failure;
      setAsked(true);
      return;
    }
    await navigate(next, { replace: true });
  });
  const wrong = isKind(error, 'wrong-code') ? t('second_factor.wrong') : hasStatus(error, 401) ? t('sign_in.wrong') : null;
  const back = () => {
    setAsked(false);
    form.setFieldValue('code', '');
  };
  if (session.data && !busy) return <Navigate to={next} replace />;
  return (
    <AccessCard title={asked ? t('second_factor.title') : t('sign_in.title')} text={asked ? t('second_factor.ask') : undefined}>
      <form onSubmit={submit} noValidate>
        <Stack mt="md">
          <FormError error={wrong === null ? error : new Error(wrong)} />
          {asked ? (
            <CodeField label={t('second_factor.code')} autoFocus key={form.key('code')} {...form.getInputProps('code')} />
          ) : (
            <>
              <TextInput label={t('email')} type="email" autoComplete="username" autoFocus key={form.key('email')} {...form.getInputProps('email')} />
              <PasswordField label={t('password')} autoComplete="current-password" key={form.key('password')} {...form.getInputProps('password')} />
            </>
          )}
          <Button type="submit" loading={busy} fullWidth mt="xs">{t('sign_in.button')}</Button>
          {asked && <Center><Anchor component="button" type="button" size="sm" onClick={back}>{t('second_factor.back')}</Anchor></Center>}
        </Stack>
      </form>
    </AccessCard>
  );
}
