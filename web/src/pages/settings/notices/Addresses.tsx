// Where a channel sends. Recipients who have not confirmed are named as such; their link can be mailed again.
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';

import { api, call } from '@/api/client';
import type { NoticeChannel } from '@/api/schema';
import { FormError } from '@/parts/FormError';
import { useTranslation } from '@/texts/translation';

export function Addresses({ channel }: { channel: NoticeChannel }) {
  const { url, recipients, unconfirmed } = channel;
  const confirmed = recipients.filter((recipient) => !unconfirmed.includes(recipient));
  return (
    <Stack gap={4}>
      <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>{url ?? confirmed.join(', ')}</Text>
      {unconfirmed.map((recipient) => <Unconfirmed key={recipient} channel={channel} recipient={recipient} />)}
    </Stack>
  );
}

function Unconfirmed({ channel, recipient }: { channel: NoticeChannel; recipient: string }) {
  const { t } = useTranslation('notices');
  const again = useMutation({
    mutationFn: () => call(api.POST('/api/notice-channels/{id}/confirmations', { params: { path: { id: channel.id } }, body: { recipient } })),
  });
  const mail = again.data?.mail;
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }} title={t('unconfirmed_text')}>{t('unconfirmed', { recipient })}</Text>
        <Button size="compact-xs" variant="default" aria-label={t('mail_link_to', { recipient })} loading={again.isPending} onClick={() => again.mutate()}>
          {t('mail_link')}
        </Button>
      </Group>
      <FormError error={again.error} />
      {mail && <Alert color={mail.state === 'sent' ? 'teal' : 'orange'} role="status" title={t(`link_mail.${mail.state}`, { recipient })}>{mail.error}</Alert>}
    </Stack>
  );
}
