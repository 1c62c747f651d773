// A password that somebody else gave must be changed before anything else.
import { Anchor, Box, Center } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Navigate, useNavigate } from 'react-router';

import { api, call } from '@/api/client';
import { beginSession, useSession, useSignOut } from '@/context/session';
import { ChangePasswordForm } from '@/parts/ChangePasswordForm';
import { FullPage } from '@/parts/FullPage';
import { Loaded } from '@/parts/Loaded';
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
  const change = async (passwords: { current_password: string; password: string }) => {
    beginSession(client, await call(api.PATCH('/api/session', { body: passwords })));
    await navigate('/', { replace: true });
  };
  return (
    <AccessCard title={t('first_password.title')} text={t('first_password.text')}>
      <Box mt="md">
        <ChangePasswordForm email={email} currentLabel={t('first_password.current')} change={change}>
          <Center><Anchor component="button" type="button" size="sm" onClick={() => void signOut()}>{tCommon('user.sign_out')}</Anchor></Center>
        </ChangePasswordForm>
      </Box>
    </AccessCard>
  );
}
