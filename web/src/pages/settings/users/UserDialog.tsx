// Makes a user, or changes one: role, scope, and a new password where one is typed.
import { Radio, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';

import { api, call } from '@/api/client';
import type { KeyScope, Role, User } from '@/api/schema';
import { sessionKey, useUser } from '@/app/session';
import { FormDialog } from '@/parts/FormDialog';
import { notifyDone } from '@/parts/notify';
import { PasswordField } from '@/parts/PasswordField';
import { ScopeSelect } from '@/parts/ScopeSelect';
import { useSubmit } from '@/parts/submit';
import { usersKey } from '@/queries/users';
import { useTranslation } from '@/texts/translation';

const roles: Role[] = ['administrator', 'manager', 'viewer'];

interface UserValues extends Record<string, unknown> {
  name: string;
  email: string;
  role: Role;
  scope: KeyScope;
  password: string;
}

// Null makes a new one.
export function UserDialog({ user, onClose }: { user: User | null; onClose: () => void }) {
  const { t } = useTranslation(['settings', 'access']);
  const { t: tAccess } = useTranslation('access');
  const { t: tCommon } = useTranslation();
  const client = useQueryClient();
  const me = useUser();
  const form = useForm<UserValues>({
    initialValues: {
      name: user?.name ?? '',
      email: user?.email ?? '',
      role: user?.role ?? 'manager',
      scope: user?.scope ?? {},
      password: '',
    },
    validate: {
      name: (name) => (name.trim() === '' ? t('name_missing') : null),
      email: (email) => (email.includes('@') ? null : tAccess('email_missing')),
      password: (password) => (user === null && password === '' ? tAccess('password_missing') : null),
    },
  });
  const { submit, busy, error } = useSubmit(form, async ({ name, email, role, scope, password }) => {
    const body = { name: name.trim(), email: email.trim(), role, scope: role === 'administrator' ? {} : scope };
    if (user === null) {
      await call(api.POST('/api/users', { body: { ...body, password } }));
    } else {
      const params = { path: { id: user.id } };
      await call(api.PATCH('/api/users/{id}', { params, body: { ...body, ...(password && { password }) } }));
      if (user.id === me.id) await client.invalidateQueries({ queryKey: sessionKey });
    }
    await client.invalidateQueries({ queryKey: usersKey });
    notifyDone(tCommon('saved'));
    onClose();
  });
  return (
    <FormDialog
      title={user === null ? t('users.new') : t('users.edit', { name: user.name })}
      confirm={user === null ? t('users.create') : tCommon('save')}
      size="lg"
      onClose={onClose}
      submit={submit}
      busy={busy}
      error={error}
    >
      <TextInput label={t('name')} required autoComplete="off" data-autofocus {...form.getInputProps('name')} />
      <TextInput label={tAccess('email')} type="email" required autoComplete="off" {...form.getInputProps('email')} />
      <Radio.Group label={t('users.role')} {...form.getInputProps('role')}>
        <Stack gap="xs" mt="xs">
          {roles.map((role) => <Radio key={role} value={role} label={tCommon(`role.${role}`)} description={t(`users.role_text.${role}`)} />)}
        </Stack>
      </Radio.Group>
      {form.values.role !== 'administrator' && <ScopeSelect label={t('scope')} all {...form.getInputProps('scope')} />}
      <PasswordField
        label={user === null ? tAccess('password') : t('users.new_password')}
        description={user === null ? t('users.password_text') : t('users.new_password_text')}
        required={user === null}
        autoComplete="new-password"
        {...form.getInputProps('password')}
      />
    </FormDialog>
  );
}
