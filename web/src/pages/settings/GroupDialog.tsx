import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';

import { api, call } from '@/api/client';
import type { VenuesGroup } from '@/api/schema';
import { FormDialog } from '@/parts/FormDialog';
import { notifyDone } from '@/parts/notify';
import { useSubmit } from '@/parts/submit';
import { groupsKey } from '@/queries/venues';
import { useTranslation } from '@/texts/translation';

// Null makes a new one.
export function GroupDialog({ group, onClose }: { group: VenuesGroup | null; onClose: () => void }) {
  const { t } = useTranslation('settings');
  const { t: tCommon } = useTranslation();
  const client = useQueryClient();
  const form = useForm({
    initialValues: { name: group?.name ?? '', id: '' },
    validate: {
      name: (name) => (name.trim() === '' ? t('name_missing') : null),
    },
  });
  const { submit, busy, error } = useSubmit(form, async ({ name, id }) => {
    if (group === null) await call(api.POST('/api/venues-groups', { body: { name, ...(id && { id }) } }));
    else await call(api.PATCH('/api/venues-groups/{id}', { params: { path: { id: group.id } }, body: { name } }));
    await client.invalidateQueries({ queryKey: groupsKey });
    notifyDone(tCommon('saved'));
    onClose();
  });
  return (
    <FormDialog
      title={group === null ? t('groups.new') : t('groups.edit', { name: group.name })}
      confirm={group === null ? t('groups.create') : tCommon('save')}
      onClose={onClose}
      submit={submit}
      busy={busy}
      error={error}
    >
      <TextInput label={t('name')} required data-autofocus {...form.getInputProps('name')} />
      {group === null && <TextInput label={t('id')} description={t('id_hint')} {...form.getInputProps('id')} />}
    </FormDialog>
  );
}
