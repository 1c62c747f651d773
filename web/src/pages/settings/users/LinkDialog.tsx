// A link with which a user chooses a password: shown this once, to be copied or shared.
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { api, call } from '@/api/client';
import type { User, UserLink } from '@/api/schema';
import { FormError } from '@/parts/FormError';
import { Secret } from '@/parts/Secret';
import { usersKey } from '@/queries/users';
import { useTranslation } from '@/texts/translation';

interface LinkDialogProps {
  user: User;
  // The link that came with the user; absent: a new one is made on demand.
  made?: UserLink;
  onClose: () => void;
}

export function LinkDialog({ user, made, onClose }: LinkDialogProps) {
  const { t } = useTranslation('users');
  const { t: tCommon } = useTranslation();
  const client = useQueryClient();
  const [link, setLink] = useState(made ?? null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const kind = user.state === 'invited' ? 'invitation' : 'reset';
  const make = async () => {
    setBusy(true);
    setError(null);
    try {
      setLink(await call(api.POST('/api/users/{id}/link', { params: { path: { id: user.id } } })));
      await client.invalidateQueries({ queryKey: usersKey });
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} size="lg" title={t(`link_${kind}`, { name: user.name })} closeButtonProps={{ 'aria-label': tCommon('close') }} closeOnClickOutside={false}>
      <Stack>
        <FormError error={error} />
        <Text size="sm">{t(`link_${kind}_text`)}</Text>
        {link?.url === undefined ? (
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{tCommon('cancel')}</Button>
            <Button onClick={() => void make()} loading={busy} data-autofocus>{t('make_link')}</Button>
          </Group>
        ) : (
          <>
            {link.mail && <MailState mail={link.mail} email={user.email} />}
            <Secret label={t('link')} text={t(link.mail?.state === 'sent' ? 'link_mailed_once' : 'link_once')} value={new URL(link.url, location.origin).href} />
            <Group justify="flex-end"><Button onClick={onClose}>{t('link_done')}</Button></Group>
          </>
        )}
      </Stack>
    </Modal>
  );
}

// A line says whether the link was mailed.
function MailState({ mail, email }: { mail: NonNullable<UserLink['mail']>; email: string }) {
  const { t } = useTranslation('users');
  const color = mail.state === 'sent' ? 'teal' : mail.state === 'sending' ? 'gray' : 'orange';
  return (
    <Alert color={color} title={t(`mail.${mail.state}`, { email })} role="status">
      {mail.error}
    </Alert>
  );
}
