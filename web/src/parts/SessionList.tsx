// Where somebody is signed in: a line a session, each with a button that ends it.
import { Button, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import type { ListedSession } from '@/api/schema';
import { sessionsKey } from '@/queries/sessions';
import { useTranslation } from '@/texts/translation';
import { Badge } from './Badge';
import { FormError } from './FormError';
import { notifyDone } from './notify';
import { Time } from './Time';

interface SessionListProps {
  sessions: ListedSession[];
  end: (session: ListedSession) => Promise<unknown>;
}

export function SessionList({ sessions, end }: SessionListProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [ending, setEnding] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const act = async (session: ListedSession) => {
    setEnding(session.id);
    setError(null);
    try {
      await end(session);
      notifyDone(t('sessions.ended'));
    } catch (failure) {
      setError(failure);
    } finally {
      setEnding(null);
      await client.invalidateQueries({ queryKey: sessionsKey });
    }
  };
  if (sessions.length === 0) return <Text c="dimmed">{t('sessions.none')}</Text>;
  return (
    <Stack gap="md">
      <FormError error={error} />
      <Stack component="ul" gap="md" m={0} p={0} style={{ listStyle: 'none' }}>
        {sessions.map((session) => {
          const [browser = '', system] = (session.device ?? t('sessions.unknown')).split(' on ');
          const name = system === undefined ? browser : t('sessions.device', { browser, system });
          return (
            <Group key={session.id} component="li" justify="space-between" gap="sm" wrap="nowrap">
              <Stack gap={0} miw={0}>
                <Group gap="xs">
                  <Text fw={600}>{name}</Text>
                  {session.current && <Badge>{t('sessions.current')}</Badge>}
                </Group>
                <Text size="sm" c="dimmed" component="div" style={{ overflowWrap: 'anywhere' }}>
                  {session.network !== null && <>{session.network} · </>}
                  {t('sessions.used')} <Time at={session.last_used_at} style="ago" />
                </Text>
              </Stack>
              {!session.current && (
                <Button variant="default" size="xs" flex="none" loading={ending === session.id} onClick={() => void act(session)} aria-label={t('sessions.end_of', { name })}>
                  {t('sessions.end')}
                </Button>
              )}
            </Group>
          );
        })}
      </Stack>
    </Stack>
  );
}
