// Where a user is signed in, for an administrator who ends it.
import { Modal } from '@mantine/core';

import { api, call } from '@/api/client';
import type { User } from '@/api/schema';
import { Loaded } from '@/parts/Loaded';
import { SessionList } from '@/parts/SessionList';
import { useSessionsOf } from '@/queries/sessions';
import { useTranslation } from '@/texts/translation';

export function SessionsDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation('users');
  const { t: tCommon } = useTranslation();
  const sessions = useSessionsOf(user.id);
  const end = ({ id }: { id: string }) => call(api.DELETE('/api/users/{id}/sessions/{session_id}', { params: { path: { id: user.id, session_id: id } } }));
  return (
    <Modal opened onClose={onClose} size="lg" title={t('sessions_of', { name: user.name })} closeButtonProps={{ 'aria-label': tCommon('close') }}>
      <Loaded query={sessions}>{({ data }) => <SessionList sessions={data} end={end} />}</Loaded>
    </Modal>
  );
}
