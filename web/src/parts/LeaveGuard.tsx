// Asks before a form with unsaved text is left: by a link, by Back, or by closing the tab.
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useEffect } from 'react';
import { useBlocker } from 'react-router';

import { useTranslation } from '@/texts/translation';

export function LeaveGuard({ when }: { when: boolean }) {
  const { t } = useTranslation();
  const tabOf = (search: string) => new URLSearchParams(search).get('tab');
  const blocker = useBlocker(
    ({ currentLocation: from, nextLocation: to }) => when && (from.pathname !== to.pathname || tabOf(from.search) !== tabOf(to.search)),
  );
  useEffect(() => {
    if (!when) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [when]);
  if (blocker.state !== 'blocked') return null;
  return (
    <Modal opened onClose={() => blocker.reset()} title={t('leave.title')} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <Text>{t('leave.text')}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => blocker.proceed()}>{t('leave.leave')}</Button>
          <Button onClick={() => blocker.reset()} data-autofocus>{t('leave.stay')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
