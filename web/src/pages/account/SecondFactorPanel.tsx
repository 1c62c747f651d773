// One's second factor: begun with the password, confirmed with a code, switched off with both.
import { Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { api, call } from '@/api/client';
import type { SecondFactorSecret } from '@/api/schema';
import { sessionKey, useUser } from '@/context/session';
import { Badge } from '@/parts/Badge';
import { Code } from '@/parts/Code';
import { CodeField } from '@/parts/CodeField';
import { FormDialog } from '@/parts/FormDialog';
import { FormError } from '@/parts/FormError';
import { notifyDone } from '@/parts/notify';
import { Panel } from '@/parts/Panel';
import { PasswordField } from '@/parts/PasswordField';
import { Secret } from '@/parts/Secret';
import { useSubmit } from '@/parts/submit';
import { useTranslation } from '@/texts/translation';
import { QrCode } from './QrCode';

export function SecondFactorPanel() {
  const { t } = useTranslation('access');
  const client = useQueryClient();
  const user = useUser();
  const [dialog, setDialog] = useState<'begin' | 'off' | null>(null);
  const [secret, setSecret] = useState<SecondFactorSecret | null>(null);
  const [recoveryCodes, setRecoveryCodes] = useState<string[] | null>(null);
  const again = () => client.invalidateQueries({ queryKey: sessionKey });
  const confirmed = async (codes: string[]) => {
    setSecret(null);
    setRecoveryCodes(codes);
    await again();
  };
  const off = async () => {
    setDialog(null);
    notifyDone(t('second_factor.switched_off'));
    await again();
  };
  return (
    <Panel
      title={<Group gap="sm" component="span">{t('second_factor.title')}<Badge color={user.second_factor ? 'teal' : 'gray'}>{t(user.second_factor ? 'second_factor.on' : 'second_factor.off')}</Badge></Group>}
      text={t('second_factor.text')}
    >
      {recoveryCodes !== null ? (
        <Stack>
          <Secret label={t('second_factor.recovery_codes')} text={t('second_factor.recovery_text')} value={recoveryCodes.join('\n')} />
          <Group><Button onClick={() => setRecoveryCodes(null)}>{t('second_factor.saved')}</Button></Group>
        </Stack>
      ) : secret !== null ? (
        <ConfirmForm secret={secret} onDone={(codes) => void confirmed(codes)} onCancel={() => setSecret(null)} />
      ) : user.second_factor ? (
        <Button variant="default" onClick={() => setDialog('off')}>{t('second_factor.switch_off')}</Button>
      ) : (
        <Button onClick={() => setDialog('begin')}>{t('second_factor.begin')}</Button>
      )}
      {dialog === 'begin' && (
        <BeginDialog
          onClose={() => setDialog(null)}
          onDone={(begun) => {
            setDialog(null);
            setSecret(begun);
          }}
        />
      )}
      {dialog === 'off' && <OffDialog onClose={() => setDialog(null)} onDone={() => void off()} />}
    </Panel>
  );
}

function BeginDialog({ onClose, onDone }: { onClose: () => void; onDone: (secret: SecondFactorSecret) => void }) {
  const { t } = useTranslation('access');
  const form = useForm({
    initialValues: { current_password: '' },
    validate: { current_password: (password) => (password === '' ? t('password_missing') : null) },
  });
  const { submit, busy, error } = useSubmit(form, async (body) => {
    onDone(await call(api.POST('/api/session/second-factor', { body })));
  });
  return (
    <FormDialog title={t('second_factor.begin')} confirm={t('second_factor.next')} onClose={onClose} submit={submit} busy={busy} error={error}>
      <Text size="sm">{t('second_factor.begin_text')}</Text>
      <PasswordField label={t('account.current')} autoComplete="current-password" data-autofocus {...form.getInputProps('current_password')} />
    </FormDialog>
  );
}

function ConfirmForm({ secret, onDone, onCancel }: { secret: SecondFactorSecret; onDone: (codes: string[]) => void; onCancel: () => void }) {
  const { t } = useTranslation('access');
  const { t: tCommon } = useTranslation();
  const form = useForm({
    initialValues: { code: '' },
    validate: { code: (code) => (code.trim() === '' ? t('second_factor.code_missing') : null) },
  });
  const { submit, busy, error } = useSubmit(form, async ({ code }) => {
    const { recovery_codes: codes } = await call(api.POST('/api/session/second-factor/confirm', { body: { code: code.trim() } }));
    onDone(codes);
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <FormError error={error} />
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
          <Stack gap="sm">
            <Text size="sm">{t('second_factor.scan')}</Text>
            <QrCode value={secret.uri} label={t('second_factor.qr')} />
          </Stack>
          <Stack gap="sm">
            <Text size="sm">{t('second_factor.type')}</Text>
            <Code label={t('second_factor.secret')} wrap>{secret.secret}</Code>
            <CodeField label={t('second_factor.code')} description={t('second_factor.code_hint')} inputMode="numeric" {...form.getInputProps('code')} />
          </Stack>
        </SimpleGrid>
        <Group>
          <Button type="submit" loading={busy}>{t('second_factor.confirm')}</Button>
          <Button variant="default" onClick={onCancel}>{tCommon('cancel')}</Button>
        </Group>
      </Stack>
    </form>
  );
}

function OffDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation('access');
  const form = useForm({
    initialValues: { current_password: '', code: '' },
    validate: {
      current_password: (password) => (password === '' ? t('password_missing') : null),
      code: (code) => (code.trim() === '' ? t('second_factor.code_missing') : null),
    },
  });
  const { submit, busy, error } = useSubmit(form, async ({ current_password, code }) => {
    await call(api.POST('/api/session/second-factor/off', { body: { current_password, code: code.trim() } }));
    onDone();
  });
  return (
    <FormDialog title={t('second_factor.switch_off')} confirm={t('second_factor.switch_off')} onClose={onClose} submit={submit} busy={busy} error={error}>
      <PasswordField label={t('account.current')} autoComplete="current-password" data-autofocus {...form.getInputProps('current_password')} />
      <CodeField label={t('second_factor.code')} description={t('second_factor.any_code')} {...form.getInputProps('code')} />
    </FormDialog>
  );
}
