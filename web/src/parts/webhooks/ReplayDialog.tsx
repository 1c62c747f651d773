// Sends in bulk what a filter names: first the count, then the progress, which can be canceled. The job goes on when the
// dialog is closed.
import { Alert, Button, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';

import { api, call } from '@/api/client';
import type { ReplayFilter } from '@/api/replay_filter';
import type { Replay } from '@/api/schema';
import { ErrorState } from '@/parts/ErrorState';
import { FormError } from '@/parts/FormError';
import { Loading } from '@/parts/Loading';
import { webhookKey } from '@/queries/webhooks';
import { useTranslation } from '@/texts/translation';

const pollMs = 700;

interface ReplayDialogProps {
  webhookId: string;
  filter: ReplayFilter;
  title: string;
  // The choice in words.
  text?: ReactNode;
  onClose: () => void;
}

export function ReplayDialog({ webhookId, filter, title, text, onClose }: ReplayDialogProps) {
  const { t: tCommon } = useTranslation();
  const [replay, setReplay] = useState<Replay | null>(null);
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': tCommon('close') }}>
      <Stack>
        {text && <Text component="div">{text}</Text>}
        {replay === null ? (
          <Preview webhookId={webhookId} filter={filter} onClose={onClose} onStarted={setReplay} />
        ) : (
          <Running replay={replay} onClose={onClose} />
        )}
      </Stack>
    </Modal>
  );
}

interface PreviewProps {
  webhookId: string;
  filter: ReplayFilter;
  onClose: () => void;
  onStarted: (replay: Replay) => void;
}

function Preview({ webhookId, filter, onClose, onStarted }: PreviewProps) {
  const { t } = useTranslation('webhook_acts');
  const { t: tCommon } = useTranslation();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const params = { path: { id: webhookId } };
  const count = useQuery({
    queryKey: [...webhookKey(webhookId), 'replay-count', filter],
    queryFn: async () => {
      const response = await call(api.POST('/api/webhooks/{id}/replay', { params, body: { ...filter, dry_run: true } }));
      return 'count' in response ? (response.count ?? 0) : 0;
    },
    staleTime: 0,
  });
  const start = async () => {
    setBusy(true);
    setError(null);
    try {
      onStarted((await call(api.POST('/api/webhooks/{id}/replay', { params, body: filter }))) as Replay);
      await client.invalidateQueries({ queryKey: webhookKey(webhookId) });
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  if (count.error) return <ErrorState error={count.error} retry={() => void count.refetch()} />;
  if (count.data === undefined) return <Loading lines={2} />;
  return (
    <>
      <Text fw={600}>{t('replay.count', { count: count.data })}</Text>
      <FormError error={error} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>{tCommon('cancel')}</Button>
        <Button onClick={() => void start()} loading={busy} disabled={count.data === 0}>{t('replay.start', { count: count.data })}</Button>
      </Group>
    </>
  );
}

function Running({ replay, onClose }: { replay: Replay; onClose: () => void }) {
  const { t } = useTranslation('webhook_acts');
  const { t: tCommon } = useTranslation();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const key = ['replay', replay.id];
  const path = { params: { path: { id: replay.id } } };
  const { data = replay } = useQuery({
    queryKey: key,
    queryFn: async () => {
      const now = await call(api.GET('/api/replays/{id}', path));
      if (now.state !== 'running') await client.invalidateQueries({ queryKey: webhookKey(replay.webhook_id) });
      return now;
    },
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === 'running' ? pollMs : false),
  });
  const cancel = async () => {
    try {
      client.setQueryData(key, await call(api.POST('/api/replays/{id}/cancel', path)));
    } catch (failure) {
      setError(failure);
    }
  };
  const share = data.matched === 0 ? 100 : (100 * data.done) / data.matched;
  return (
    <>
      <Progress value={share} aria-label={t('replay.progress')} animated={data.state === 'running'} />
      <div aria-live="polite">
        {data.state === 'running' ? (
          <Text>{t('replay.running', { done: data.done, matched: data.matched })}</Text>
        ) : (
          <Alert color={data.state === 'done' ? 'teal' : 'gray'} icon={<IconCircleCheck size={18} aria-hidden />}>
            {t(data.state === 'done' ? 'replay.done' : 'replay.canceled', { count: data.done })}
          </Alert>
        )}
      </div>
      <FormError error={error} />
      <Group justify="flex-end">
        {data.state === 'running' && <Button variant="default" onClick={() => void cancel()}>{t('replay.cancel')}</Button>}
        <Button onClick={onClose}>{tCommon('close')}</Button>
      </Group>
    </>
  );
}
