// Before the steps: the venue that everything belongs to.
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';

import { api, call } from '@/api/client';
import { FormError } from '@/parts/FormError';
import { Panel } from '@/parts/Panel';
import { useSubmit } from '@/parts/submit';
import { venuesKey } from '@/queries/venues';
import { useTranslation } from '@/texts/translation';

export function FirstVenue() {
  const { t } = useTranslation('getting_started');
  const { t: tSettings } = useTranslation('settings');
  const client = useQueryClient();
  const form = useForm({
    initialValues: { name: '', id: '' },
    validate: {
      name: (name) => (name.trim() === '' ? tSettings('name_missing') : null),
    },
  });
  const { submit, busy, error } = useSubmit(form, async ({ name, id }) => {
    await call(api.POST('/api/venues', { body: { name, ...(id && { id }) } }));
    await client.invalidateQueries({ queryKey: venuesKey });
  });
  return (
    <Panel title={t('venue.title')} text={t('venue.text')}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <FormError error={error} />
          <TextInput label={t('venue.name')} placeholder={t('venue.example')} required {...form.getInputProps('name')} />
          <TextInput label={tSettings('id')} description={tSettings('id_hint')} {...form.getInputProps('id')} />
          <Group><Button type="submit" loading={busy}>{t('venue.button')}</Button></Group>
        </Stack>
      </form>
    </Panel>
  );
}
