// The signature bench: paste what you computed, and it says which mistake gives exactly that. Nothing is sent anywhere;
// who may not see the webhook's secret pastes the one that they have.
import { Alert, Button, Group, PasswordInput, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconKey } from '@tabler/icons-react';
import { useState } from 'react';

import { api, call } from '@/api/client';
import { useMay } from '@/app/session';
import { Code } from '@/parts/Code';
import { FormError } from '@/parts/FormError';
import { useTranslation } from '@/texts/translation';
import { type Finding, findMistake, signatureOf } from './mistakes';

interface SignatureBenchProps {
  // Whose secret may be taken, by who may see it.
  webhookId: string | null;
  // The body that was sent; absent: it is pasted too.
  body?: string;
}

export function SignatureBench({ webhookId, body: given }: SignatureBenchProps) {
  const { t } = useTranslation('webhooks');
  const { t: tCommon } = useTranslation();
  const may = useMay();
  const [pasted, setPasted] = useState('');
  const [secret, setSecret] = useState('');
  const [previous, setPrevious] = useState<string | null>(null);
  const [computed, setComputed] = useState('');
  const [error, setError] = useState<unknown>(null);
  const body = given ?? pasted;
  const take = async () => {
    setError(null);
    try {
      const response = await call(api.GET('/api/webhooks/{id}/secret', { params: { path: { id: webhookId! } } }));
      setSecret(response.secret);
      setPrevious(response.previous_secret);
    } catch (failure) {
      setError(failure);
    }
  };
  const ready = secret.trim() !== '' && computed.trim() !== '' && body !== '';
  const finding = ready ? findMistake(computed, body, { secret: secret.trim(), previous }) : null;
  return (
    <Stack>
      <Text size="sm" c="dimmed">{t('bench.text')}</Text>
      {given === undefined && <Textarea label={t('bench.body')} value={pasted} onChange={({ currentTarget }) => setPasted(currentTarget.value)} autosize minRows={3} maxRows={10} spellCheck={false} />}
      <Group align="flex-end" gap="sm">
        <PasswordInput
          label={t('bench.secret')}
          placeholder="whsec_…"
          autoComplete="off"
          visibilityToggleButtonProps={{ 'aria-label': tCommon('show_password') }}
          value={secret}
          onChange={({ currentTarget }) => {
            setSecret(currentTarget.value);
            setPrevious(null);
          }}
          flex="1 1 16rem"
        />
        {may.manage && webhookId !== null && <Button variant="default" leftSection={<IconKey size={16} aria-hidden />} onClick={() => void take()}>{t('bench.take')}</Button>}
      </Group>
      <FormError error={error} />
      <TextInput label={t('bench.computed')} description={t('bench.computed_text')} value={computed} onChange={({ currentTarget }) => setComputed(currentTarget.value)} autoComplete="off" spellCheck={false} ff="monospace" />
      <div aria-live="polite">
        {ready && <Verdict finding={finding} />}
        {secret.trim() !== '' && body !== '' && (
          <Stack gap={4} mt="sm">
            <Text size="sm" fw={500}>{t('bench.right_is')}</Text>
            <Code label={t('bench.right_is')} wrap>{signatureOf(secret.trim(), body)}</Code>
          </Stack>
        )}
      </div>
    </Stack>
  );
}

function Verdict({ finding }: { finding: Finding | null }) {
  const { t } = useTranslation('webhooks');
  if (finding === null) {
    return <Alert color="orange" icon={<IconCircleX size={18} aria-hidden />} title={t('bench.unknown')}>{t('bench.unknown_text')}</Alert>;
  }
  const mistakes = [
    finding.key === 'right' ? null : t(`bench.key.${finding.key}`),
    finding.body === 'right' ? null : t(`bench.body_as.${finding.body}`),
    finding.writing === 'right' ? null : t(`bench.written.${finding.writing}`),
  ].filter((each) => each !== null);
  if (mistakes.length === 0) return <Alert color="teal" icon={<IconCircleCheck size={18} aria-hidden />} title={t('bench.right')}>{t('bench.right_text')}</Alert>;
  return (
    <Alert color="red" icon={<IconCircleX size={18} aria-hidden />} title={t('bench.found')}>
      {mistakes.map((each) => <Text key={each} size="sm">{each}</Text>)}
    </Alert>
  );
}
