// An invitation, or a reset of a password: the link's token is behind the #, which browsers send to nobody. Opening the
// page looks at the link and uses nothing up.
import { Button, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate } from 'react-router';

import { api, call } from '@/api/client';
import { ApiProblem, hasStatus } from '@/api/problem';
import type { CheckedLink } from '@/api/schema';
import { Link } from '@/context/links';
import { beginSession, sessionKey } from '@/context/session';
import { FormError } from '@/parts/FormError';
import { FullPage } from '@/parts/FullPage';
import { Loaded } from '@/parts/Loaded';
import { PasswordField } from '@/parts/PasswordField';
import { useSubmit } from '@/parts/submit';
import { useTranslation } from '@/texts/translation';
import { AccessCard } from './AccessCard';

export function InvitePage() {
  const { t } = useTranslation('access');
  const token = useLocation().hash.slice(1);
  const link = useQuery({
    queryKey: ['user-link', token],
    queryFn: () => call(api.POST('/api/user-links/check', { body: { token } })),
    retry: false,
    staleTime: Infinity,
  });
  if (hasStatus(link.error, 422)) {
    return (
      <AccessCard title={t('invite.gone')} text={t('invite.gone_text')}>
        <Button component={Link} to="/sign-in" variant="default" mt="md">{t('sign_in.title')}</Button>
      </AccessCard>
    );
  }
  if (link.data === undefined) return <FullPage><Loaded query={link}>{() => null}</Loaded></FullPage>;
  return <PasswordForm token={token} link={link.data} />;
}

function PasswordForm({ token, link }: { token: string; link: CheckedLink }) {
  const { t } = useTranslation('access');
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { password: '' },
    validate: { password: (password) => (password === '' ? t('password_missing') : null) },
  });
  const { submit, busy, error } = useSubmit(form, async ({ password }) => {
    await call(api.POST('/api/user-links', { body: { token, password } }));
    try {
      beginSession(client, await call(api.POST('/api/session', { body: { email: link.email, password } })));
      await navigate('/', { replace: true });
    } catch (failure) {
      // The password is set; a second factor, or what else there is, is for the sign-in page.
      if (!(failure instanceof ApiProblem)) throw failure;
      client.setQueryData(sessionKey, null);
      await navigate('/sign-in', { replace: true, state: { email: link.email } });
    }
  });
  return (
    <AccessCard title={t(`invite.title_${link.kind}`, { name: link.name })} text={t(`invite.text_${link.kind}`)}>
      <form onSubmit={submit} noValidate>
        <Stack mt="md">
          <FormError error={error} />
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>{link.email}</Text>
          {/* For password managers. */}
          <input type="text" name="username" autoComplete="username" value={link.email} readOnly hidden />
          <PasswordField label={t('account.new')} description={t('password_hint')} autoComplete="new-password" autoFocus {...form.getInputProps('password')} />
          <Button type="submit" loading={busy} fullWidth mt="xs">{t('invite.button')}</Button>
        </Stack>
      </form>
    </AccessCard>
  );
}
