// Makes a key, and shows it this once.
import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { api, call } from '@/api/client';
import type { KeyScope, NewApiKeyAnswer } from '@/api/schema';
import { usePlaces } from '@/context/place';
import { Code } from '@/parts/Code';
import { FormDialog } from '@/parts/FormDialog';
import { ScopeSelect } from '@/parts/ScopeSelect';
import { Secret } from '@/parts/Secret';
import { useSubmit } from '@/parts/submit';
import { apiKeysKey } from '@/queries/api_keys';
import { useTranslation } from '@/texts/translation';
import { type Lifetime, lifetimeMs, lifetimes } from './lifetime';
import { type Level, RightsSelect, rightsOf } from './RightsSelect';

export function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('settings');
  const client = useQueryClient();
  const { place } = usePlaces();
  const [made, setMade] = useState<NewApiKeyAnswer | null>(null);
  const form = useForm<{ name: string; scope: KeyScope; level: Level; lifetime: Lifetime }>({
    initialValues: { name: '', scope: place?.scope ?? {}, level: 'write', lifetime: 'never' },
    validate: { name: (name) => (name.trim() === '' ? t('name_missing') : null) },
  });
  const { submit, busy, error } = useSubmit(
    form,
    async ({ name, scope, level, lifetime }) => {
      const ms = lifetimeMs[lifetime];
      const body = { name, scope, rights: rightsOf(level), ...(ms === null ? {} : { expires_at: Date.now() + ms }) };
      setMade(await call(api.POST('/api/api-keys', { body })));
      await client.invalidateQueries({ queryKey: apiKeysKey });
    },
    { rename: { rights: 'level', expires_at: 'lifetime' } },
  );
  if (made !== null) return <MadeKey made={made} onClose={onClose} />;
  return (
    <FormDialog title={t('keys.new')} confirm={t('keys.create')} onClose={onClose} submit={submit} busy={busy} error={error}>
      <TextInput label={t('name')} description={t('keys.name_hint')} required data-autofocus {...form.getInputProps('name')} />
      <ScopeSelect label={t('scope')} all {...form.getInputProps('scope')} />
      <RightsSelect {...form.getInputProps('level')} />
      <Select
        label={t('keys.expires')}
        data={lifetimes.map((value) => ({ value, label: t(`keys.lifetime.${value}`) }))}
        allowDeselect={false}
        {...form.getInputProps('lifetime')}
      />
    </FormDialog>
  );
}

function MadeKey({ made, onClose }: { made: NewApiKeyAnswer; onClose: () => void }) {
  const { t } = useTranslation('settings');
  const { t: tCommon } = useTranslation();
  const example = `curl ${location.origin}/api/venues \\\n  -H "Authorization: Bearer ${made.key}"`;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('keys.made', { name: made.name })}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      closeButtonProps={{ 'aria-label': tCommon('close') }}
    >
      <Stack>
        <Secret label={t('keys.key')} text={t('keys.made_text')} value={made.key} />
        <Code label={t('keys.example')} language="shell">{example}</Code>
        <Group justify="flex-end"><Button onClick={onClose}>{t('keys.made_done')}</Button></Group>
      </Stack>
    </Modal>
  );
}
