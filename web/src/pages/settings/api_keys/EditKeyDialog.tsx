import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';

import { api, call } from '@/api/client';
import type { ApiKey } from '@/api/schema';
import { FormDialog } from '@/parts/FormDialog';
import { notifyDone } from '@/parts/notify';
import { useSubmit } from '@/parts/submit';
import { apiKeysKey } from '@/queries/api_keys';
import { useTranslation } from '@/texts/translation';
import { levelOf, RightsSelect, rightsOf } from './RightsSelect';

export function EditKeyDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const { t } = useTranslation('settings');
  const { t: tCommon } = useTranslation();
  const client = useQueryClient();
  const form = useForm({
    initialValues: { name: apiKey.name, level: levelOf(apiKey.rights) },
    validate: { name: (name) => (name.trim() === '' ? t('name_missing') : null) },
  });
  const { submit, busy, error } = useSubmit(
    form,
    async ({ name, level }) => {
      // A key's rights may be other than a level (write alone): they change only where another level is chosen.
      const body = { name, ...(level === levelOf(apiKey.rights) ? {} : { rights: rightsOf(level) }) };
      await call(api.PATCH('/api/api-keys/{id}', { params: { path: { id: apiKey.id } }, body }));
      await client.invalidateQueries({ queryKey: apiKeysKey });
      notifyDone(tCommon('saved'));
      onClose();
    },
    { rename: { rights: 'level' } },
  );
  return (
    <FormDialog title={t('keys.edit', { name: apiKey.name })} confirm={tCommon('save')} onClose={onClose} submit={submit} busy={busy} error={error}>
      <TextInput label={t('name')} required data-autofocus {...form.getInputProps('name')} />
      <RightsSelect {...form.getInputProps('level')} />
    </FormDialog>
  );
}
