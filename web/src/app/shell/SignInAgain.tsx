// The session ended: sign in again without leaving the page, so that nothing that was typed is lost.
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { api, call } from '@/api/client';
import { asksForCode, hasStatus, isKind } from '@/api/problem';
import { setSessionExpired } from '@/context/expired_session';
import { beginSession, continueSession, sessionKey, useUser } from '@/context/session';
import { CodeField } from '@/parts/CodeField';
import { FormError } from '@/parts/FormError';
import { PasswordField } from '@/parts/PasswordField';
import { useSubmit } from '@/parts/submit';
import { useTranslation } from '@/texts/translation';

export function SignInAgain() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const user = useUser();
  // The password was right, and a code is needed too.
  const [asked, setAsked] = useState(false);
  const form = useForm({ initialValues: { email: user.email, password: '', code: '' } });
  const { submit, busy, error } = useSubmit(form, async ({ email, password, code }) => {
    const body = { email: email.trim(), password, ...(asked && { code: code.trim() }) };
    const begun = await call(api.POST('/api/session', { body })).catch((failure: unknown) => {
      if (!asksForCode(failure)) throw failure;
      setAsked(true);
      return null;
    });
    if (begun === null) return;
    setSessionExpired(false);
    if (begun.user.id !== user.id) {
      beginSession(client, begun);
      location.assign('/');
      return;
    }
    continueSession(client, begun);
    await client.invalidateQueries();
  });
  const leave = () => {
    setSessionExpired(false);
    client.setQueryData(sessionKey, null);
  };
  return (
    <Modal opened data-keeps-focus onClose={leave} withCloseButton={false} closeOnClickOutside={false} closeOnEscape={false} title={t('expired.title')}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text size="sm">{t('expired.text')}</Text>
          <FormError error={isKind(error, 'wrong-code') ? new Error(t('expired.wrong_code')) : hasStatus(error, 401) ? new Error(t('expired.wrong')) : error} />
          <TextInput label={t('expired.email')} type="email" autoComplete="username" {...form.getInputProps('email')} />
          <PasswordField label={t('expired.password')} autoComplete="current-password" data-autofocus {...form.getInputProps('password')} />
          {asked && <CodeField label={t('expired.code')} autoFocus {...form.getInputProps('code')} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={leave}>{t('expired.leave')}</Button>
            <Button type="submit" loading={busy}>{t('expired.button')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
