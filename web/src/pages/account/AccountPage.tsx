// One's own account: who one is here, and a new password.
import { Box, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';

import { api, call } from '@/api/client';
import { continueSession, useUser } from '@/context/session';
import { Badge } from '@/parts/Badge';
import { ChangePasswordForm } from '@/parts/ChangePasswordForm';
import { Loaded } from '@/parts/Loaded';
import { notifyDone } from '@/parts/notify';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { ScopeName } from '@/parts/ScopeName';
import { SessionList } from '@/parts/SessionList';
import { sessionsKey, useOwnSessions } from '@/queries/sessions';
import { useTranslation } from '@/texts/translation';
import { SecondFactorPanel } from './SecondFactorPanel';

export function AccountPage() {
  const { t } = useTranslation('access');
  const { t: tCommon } = useTranslation();
  const user = useUser();
  return (
    <Page title={t('account.title')} narrow>
      <Panel>
        <Group justify="space-between">
          <Stack gap={0}>
            <Text fw={600}>{user.name}</Text>
            <Text size="sm" c="dimmed">{user.email}</Text>
          </Stack>
          <Group gap="md">
            <Badge>{tCommon(`role.${user.role}`)}</Badge>
            <Text size="sm" component="div"><ScopeName scope={user.scope} /></Text>
          </Group>
        </Group>
      </Panel>
      <Panel title={t('account.password')} text={t('account.password_text')}><PasswordForm email={user.email} /></Panel>
      <SecondFactorPanel />
      <Panel title={t('account.sessions')} text={t('account.sessions_text')}><OwnSessions /></Panel>
    </Page>
  );
}

function OwnSessions() {
  const sessions = useOwnSessions();
  const end = ({ id }: { id: string }) => call(api.DELETE('/api/sessions/{id}', { params: { path: { id } } }));
  return <Loaded query={sessions}>{({ data }) => <SessionList sessions={data} end={end} />}</Loaded>;
}

function PasswordForm({ email }: { email: string }) {
  const { t } = useTranslation('access');
  const client = useQueryClient();
  const change = async (passwords: { current_password: string; password: string }) => {
    continueSession(client, await call(api.PATCH('/api/session', { body: passwords })));
    await client.invalidateQueries({ queryKey: sessionsKey });
    notifyDone(t('account.changed'));
  };
  return <Box maw={400}><ChangePasswordForm email={email} currentLabel={t('account.current')} change={change} /></Box>;
}
