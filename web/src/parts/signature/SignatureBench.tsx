// The signature bench: paste what you computed, and it says which mistake gives exactly that. Nothing is sent anywhere;
// who may not see the webhook's secret pastes the one that they have.
import { Alert, Button, Group, PasswordInput, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconKey } from '@tabler/icons-react';
import { useEffect, useState } from 'react';

import { api, call } from '@/api/client';
import { useMay } from '@/context/session';
import { Code } from '@/parts/Code';
import { FormError } from '@/parts/FormError';
import { useTranslation } from '@/texts/translation';
import type * as mistakesFile from './mistakes';

type Mistakes = typeof mistakesFile;

// Computing signatures weighs more than the page; it is loaded when there is something to sign.
function useMistakes(wanted: boolean): Mistakes | null {
  const [mistakes, setMistakes] = useState<Mistakes | null>(null);
  useEffect(() => {
    if (wanted && mistakes === null) void import('./mistakes').then(setMistakes);
  }, [wanted, mistakes]);
  return mistakes;
}

interface SignatureBenchProps {
  // Whose secret may be taken, by who may see it.
  webhookId: string | null;
  // The body that was sent; absent: it is pasted too.
  body?: string;
}

export function SignatureBench({ webhookId, body: given }: SignatureBenchProps) {
  const { t } = useTranslation('bench');
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
  const signable = secret.trim() !== '' && body !== '';
  const mistakes = useMistakes(signable);
  const finding = ready && mistakes ? mistakes.findMistake(computed, body, { secret: secret.trim(), previous }) : null;
  return (
    <Stack>
      <Text size="sm" c="dimmed">{t('text')}</Text>
      {given === undefined && <Textarea label={t('body')} value={pasted} onChange={({ currentTarget }) => setPasted(currentTarget.value)} autosize minRows={3} maxRows={10} spellCheck={false} />}
      <Group align="flex-end" gap="sm">
        <PasswordInput
          label={t('secret')}
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
        {may.manage && webhookId !== null && <Button variant="default" leftSection={<IconKey size={16} aria-hidden />} onClick={() => void take()}>{t('take')}</Button>}
      </Group>
      <FormError error={error} />
      <TextInput label={t('computed')} description={t('computed_text')} value={computed} onChange={({ currentTarget }) => setComputed(currentTarget.value)} autoComplete="off" spellCheck={false} ff="monospace" />
      <div aria-live="polite">
        {ready && mistakes && <Verdict finding={finding} />}
        {signable && mistakes && (
          <Stack gap={4} mt="sm">
            <Text size="sm" fw={500}>{t('right_is')}</Text>
            <Code label={t('right_is')} wrap>{mistakes.signatureOf(secret.trim(), body)}</Code>
          </Stack>
        )}
      </div>
    </Stack>
  );
}

function Verdict({ finding }: { finding: mistakesFile.Finding | null }) {
  const { t } = useTranslation('bench');
  if (finding === null) {
    return <Alert color="orange" icon={<IconCircleX size={18} aria-hidden />} title={t('unknown')}>{t('unknown_text')}</Alert>;
  }
  const mistakes = [
    finding.key === 'right' ? null : t(`key.${finding.key}`),
    finding.body === 'right' ? null : t(`body_as.${finding.body}`),
    finding.writing === 'right' ? null : t(`written.${finding.writing}`),
  ].filter((each) => each !== null);
  if (mistakes.length === 0) return <Alert color="teal" icon={<IconCircleCheck size={18} aria-hidden />} title={t('right')}>{t('right_text')}</Alert>;
  return (
    <Alert color="red" icon={<IconCircleX size={18} aria-hidden />} title={t('found')}>
      {mistakes.map((each) => <Text key={each} size="sm">{each}</Text>)}
    </Alert>
  );
}
