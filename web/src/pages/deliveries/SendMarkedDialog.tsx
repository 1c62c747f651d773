// Sends the marked deliveries again, a few at a time, and says which could not be.
import { Alert, Button, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';

import { useErrorText } from '@/parts/ErrorState';
import { deliveriesKey, redeliver } from '@/queries/deliveries';
import { useTranslation } from '@/texts/translation';

const atOnce = 4;

interface SendMarkedDialogProps {
  ids: string[];
  onClose: () => void;
  onDone: () => void;
}

export function SendMarkedDialog({ ids, onClose, onDone }: SendMarkedDialogProps) {
  const { t } = useTranslation('deliveries');
  const { t: tCommon } = useTranslation();
  const client = useQueryClient();
  const textOf = useErrorText();
  const [state, setState] = useState<{ sent: number; refused: unknown[]; ended: boolean } | null>(null);
  const stopped = useRef(false);
  useEffect(() => () => {
    stopped.current = true;
  }, []);
  const send = async () => {
    stopped.current = false;
    const left = [...ids];
    let sent = 0;
    const refused: unknown[] = [];
    const report = (ended: boolean) => setState({ sent, refused: [...refused], ended });
    report(false);
    const work = async () => {
      for (let id = left.shift(); id !== undefined && !stopped.current; id = left.shift()) {
        try {
          await redeliver(id);
          ++sent;
        } catch (error) {
          refused.push(error);
        }
        report(false);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    report(true);
    await client.invalidateQueries({ queryKey: deliveriesKey });
  };
  const close = () => {
    if (state !== null && state.sent > 0) onDone();
    onClose();
  };
  const done = state === null ? 0 : state.sent + state.refused.length;
  return (
    <Modal opened onClose={close} title={t('bulk.title', { count: ids.length })} closeButtonProps={{ 'aria-label': tCommon('close') }}>
      <Stack>
        {state === null ? <Text>{t('bulk.text')}</Text> : <Progress value={(100 * done) / ids.length} aria-label={t('bulk.label')} />}
        {state !== null && <Text role="status">{t('bulk.sent', { count: state.sent })}</Text>}
        {state !== null && state.refused.length > 0 && (
          <Alert color="red" title={t('bulk.refused', { count: state.refused.length })}>{[...new Set(state.refused.map((error) => textOf(error).text))].slice(0, 3).join(' ')}</Alert>
        )}
        <Group justify="flex-end">
          {state === null ? (
            <>
              <Button variant="default" onClick={onClose}>{tCommon('cancel')}</Button>
              <Button onClick={() => void send()} data-autofocus>{t('bulk.send', { count: ids.length })}</Button>
            </>
          ) : state.ended ? <Button onClick={close}>{tCommon('close')}</Button> : (
            <Button variant="default" onClick={() => { stopped.current = true; }}>{t('bulk.stop')}</Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
