// The secret that signs: revealed when asked for (which is recorded), exchanged for a new one with an overlap in which
// the old one still signs.
import { Alert, Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { IconEye, IconEyeOff, IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { api, call } from '@/api/client';
import type { Webhook, WebhookSecret } from '@/api/schema';
import { useProgress } from '@/context/progress';
import { useMay } from '@/context/session';
import { Code } from '@/parts/Code';
import { ConfirmDialog } from '@/parts/ConfirmDialog';
import { formatTime } from '@/parts/format_time';
import { FormError } from '@/parts/FormError';
import { Panel } from '@/parts/Panel';
import { useNow } from '@/parts/Time';
import { webhookKey } from '@/queries/webhooks';
import { numberFormat } from '@/texts/formats';
import { useTranslation } from '@/texts/translation';

const overlaps = ['0', '3600', '86400', '604800'] as const;

export function SecretPanel({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation('webhook_acts');
  const may = useMay();
  const { mark } = useProgress();
  const [secret, setSecret] = useState<WebhookSecret | null>(null);
  const [rotating, setRotating] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const path = { params: { path: { id: webhook.id } } };
  const reveal = async () => {
    setBusy(true);
    setError(null);
    try {
      setSecret(await call(api.GET('/api/webhooks/{id}/secret', path)));
      mark('secret_copied');
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  if (!may.manage) return <Panel title={t('secret.title')}><Text c="dimmed">{t('secret.not_yours')}</Text></Panel>;
  return (
    <Panel
      title={t('secret.title')}
      text={t('secret.text')}
      actions={
        <>
          {secret === null ? (
            <Button variant="default" leftSection={<IconEye size={16} aria-hidden />} onClick={() => void reveal()} loading={busy}>{t('secret.reveal')}</Button>
          ) : (
            <Button variant="default" leftSection={<IconEyeOff size={16} aria-hidden />} onClick={() => setSecret(null)}>{t('secret.hide')}</Button>
          )}
          <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => setRotating(true)}>{t('secret.rotate')}</Button>
        </>
      }
    >
      <Stack>
        <FormError error={error} />
        {secret === null ? (
          <Text ff="monospace" c="dimmed" aria-label={t('secret.hidden')}>whsec_••••••••••••••••••••••••••••••••</Text>
        ) : (
          <Code label={t('secret.current')} wrap share>{secret.secret}</Code>
        )}
        {secret?.previous_secret && secret.overlap_ends_at !== null && (
          <Overlap webhook={webhook} secret={secret} endsAt={secret.overlap_ends_at} onEnded={() => void reveal()} />
        )}
      </Stack>
      {rotating && <RotateDialog webhook={webhook} onClose={() => setRotating(false)} onRotated={setSecret} />}
    </Panel>
  );
}

interface OverlapProps {
  webhook: Webhook;
  secret: WebhookSecret;
  endsAt: number;
  onEnded: () => void;
}

// "3 h 12 min", "42 s".
function formatLeft(ms: number, language: string): string {
  const unit = (value: number, name: string) =>
    numberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value);
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor((seconds % 86_400) / 3_600), Math.floor((seconds % 3_600) / 60)];
  if (days > 0) return `${unit(days, 'day')} ${unit(hours, 'hour')}`;
  if (hours > 0) return `${unit(hours, 'hour')} ${unit(minutes, 'minute')}`;
  return minutes > 0 ? `${unit(minutes, 'minute')} ${unit(seconds % 60, 'second')}` : unit(seconds, 'second');
}

function Overlap({ webhook, secret, endsAt, onEnded }: OverlapProps) {
  const { t, i18n } = useTranslation('webhook_acts');
  const client = useQueryClient();
  const now = useNow();
  const [asking, setAsking] = useState(false);
  if (endsAt <= now) return null;
  return (
    <Alert color="yellow" title={t('secret.overlap', { left: formatLeft(endsAt - now, i18n.language) })}>
      <Stack gap="sm">
        <Text size="sm">{t('secret.overlap_text', { time: formatTime(endsAt, 'full', i18n.language) })}</Text>
        <Code label={t('secret.previous')} wrap>{secret.previous_secret!}</Code>
        <Group><Button variant="default" size="xs" onClick={() => setAsking(true)}>{t('secret.end_overlap')}</Button></Group>
      </Stack>
      <ConfirmDialog
        opened={asking}
        title={t('secret.end_overlap')}
        text={t('secret.end_overlap_text')}
        confirm={t('secret.end_overlap')}
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          await call(api.DELETE('/api/webhooks/{id}/secret', { params: { path: { id: webhook.id } } }));
          await client.invalidateQueries({ queryKey: webhookKey(webhook.id) });
          onEnded();
        }}
      />
    </Alert>
  );
}

interface RotateDialogProps {
  webhook: Webhook;
  onClose: () => void;
  onRotated: (secret: WebhookSecret) => void;
}

function RotateDialog({ webhook, onClose, onRotated }: RotateDialogProps) {
  const { t } = useTranslation('webhook_acts');
  const { t: tCommon } = useTranslation();
  const client = useQueryClient();
  const [overlap, setOverlap] = useState<string>('86400');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const rotate = async () => {
    setBusy(true);
    setError(null);
    try {
      const body = { overlap_seconds: Number(overlap) };
      onRotated(await call(api.POST('/api/webhooks/{id}/secret', { params: { path: { id: webhook.id } }, body })));
      await client.invalidateQueries({ queryKey: webhookKey(webhook.id) });
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('secret.rotate_title')} closeButtonProps={{ 'aria-label': tCommon('close') }}>
      <Stack>
        <Text>{t('secret.rotate_text')}</Text>
        <Select
          label={t('secret.overlap_for')}
          description={t('secret.overlap_for_text')}
          data={overlaps.map((value) => ({ value, label: t(`secret.overlap_${value}`) }))}
          value={overlap}
          onChange={(value) => value && setOverlap(value)}
          allowDeselect={false}
        />
        <FormError error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{tCommon('cancel')}</Button>
          <Button onClick={() => void rotate()} loading={busy}>{t('secret.rotate')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
