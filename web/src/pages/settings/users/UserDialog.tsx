// Makes a user, by an invitation or with a password, or changes one: role, scope, and a new password where one is typed.
import { Checkbox, Radio, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';

import { api, call } from '@/api/client';
import type { KeyScope, Role, User, UserLink } from '@/api/schema';
import { sessionKey, useUser } from '@/context/session';
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
  way: 'invite' | 'password';
  password: string;
  must_change_password: boolean;
}

interface UserDialogProps {
  // Null makes a new one.
  user: User | null;
  onClose: () => void;
  onInvited?: (user: User, link: UserLink) => void;
}

export function UserDialog({ user, onClose, onInvited }: UserDialogProps) {
  const { t, i18n } = useTranslation('settings');
  const { t: tUsers } = useTranslation('users');
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
      way: 'invite',
      password: '',
      must_change_password: true,
    },
    validate: {
      name: (name) => (name.trim() === '' ? t('name_missing') : null),
      email: (email) => (email.includes('@') ? null : tAccess('email_missing')),
      password: (password, { way }) => (user === null && way === 'password' && password === '' ? tAccess('password_missing') : null),
    },
  });
  const { submit, busy, error } = useSubmit(form, async ({ name, email, role, scope, way, password, must_change_password }) => {
    const body = { name: name.trim(), email: email.trim(), role, scope: role === 'administrator' ? {} : scope };
    if (user === null) {
      // Their e-mail and their first pages are in the language of who invites them.
      const first = way === 'invite' ? { invite: true, language: i18n.language } : { password, must_change_password };
      const made = await call(api.POST('/api/users', { body: { ...body, ...first } }));
      await client.invalidateQueries({ queryKey: usersKey });
      if (made.link !== null) {
        onInvited?.(made, made.link);
        return;
      }
    } else {
      const params = { path: { id: user.id } };
      await call(api.PATCH('/api/users/{id}', { params, body: { ...body, ...(password && { password, must_change_password: must_change_password && user.id !== me.id }) } }));
      if (user.id === me.id) await client.invalidateQueries({ queryKey: sessionKey });
    }
    await client.invalidateQueries({ queryKey: usersKey });
    notifyDone(tCommon('saved'));
    onClose();
  });
  return (
    <FormDialog
      title={user === null ? tUsers('new') : tUsers('edit', { name: user.name })}
      confirm={user !== null ? tCommon('save') : form.values.way === 'invite' ? tUsers('invite') : tUsers('create')}
      size="lg"
      onClose={onClose}
      submit={submit}
      busy={busy}
      error={error}
    >
      <TextInput label={t('name')} required autoComplete="off" data-autofocus {...form.getInputProps('name')} />
      <TextInput label={tAccess('email')} type="email" required autoComplete="off" {...form.getInputProps('email')} />
      <Radio.Group label={tUsers('role')} {...form.getInputProps('role')}>
        <Stack gap="xs" mt="xs">
          {roles.map((role) => <Radio key={role} value={role} label={tCommon(`role.${role}`)} description={tUsers(`role_text.${role}`)} />)}
        </Stack>
      </Radio.Group>
      {form.values.role !== 'administrator' && <ScopeSelect label={t('scope')} all {...form.getInputProps('scope')} />}
      {user === null && (
        <Radio.Group label={tUsers('way')} {...form.getInputProps('way')}>
          <Stack gap="xs" mt="xs">
            <Radio value="invite" label={tUsers('way_invite')} description={tUsers('way_invite_text')} />
            <Radio value="password" label={tUsers('way_password')} description={tUsers('way_password_text')} />
          </Stack>
        </Radio.Group>
      )}
      {(user !== null || form.values.way === 'password') && (
        <PasswordField
          label={user === null ? tAccess('password') : tUsers('new_password')}
          description={user === null ? tAccess('password_hint') : tUsers('new_password_text')}
          required={user === null}
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
      )}
      {user?.id !== me.id && form.values.password !== '' && (
        <Checkbox label={tUsers('must_change')} {...form.getInputProps('must_change_password', { type: 'checkbox' })} />
      )}
    </FormDialog>
  );
}
