import { Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';

import { api, call } from '@/api/client';
import type { Venue, VenuesGroup } from '@/api/schema';
import { FormDialog } from '@/parts/FormDialog';
import { notifyDone } from '@/parts/notify';
import { useSubmit } from '@/parts/submit';
import { venuesKey } from '@/queries/venues';
import { useTranslation } from '@/texts/translation';

interface VenueDialogProps {
  // Null makes a new one.
  venue: Venue | null;
  groups: VenuesGroup[];
  onClose: () => void;
}

export function VenueDialog({ venue, groups, onClose }: VenueDialogProps) {
  const { t } = useTranslation('settings');
  const { t: tCommon } = useTranslation();
  const client = useQueryClient();
  const form = useForm({
    initialValues: { name: venue?.name ?? '', id: '', venues_group_id: venue?.venues_group_id ?? null },
    validate: {
      name: (name) => (name.trim() === '' ? t('name_missing') : null),
    },
  });
  const { submit, busy, error } = useSubmit(form, async ({ name, id, venues_group_id }) => {
    if (venue === null) {
      const body = { name, ...(id && { id }), ...(venues_group_id && { venues_group_id }) };
      await call(api.POST('/api/venues', { body }));
    } else {
      await call(api.PATCH('/api/venues/{venue_id}', { params: { path: { venue_id: venue.id } }, body: { name, venues_group_id } }));
    }
    await client.invalidateQueries({ queryKey: venuesKey });
    notifyDone(tCommon('saved'));
    onClose();
  });
  return (
    <FormDialog
      title={venue === null ? t('venues.new') : t('venues.edit', { name: venue.name })}
      confirm={venue === null ? t('venues.create') : tCommon('save')}
      onClose={onClose}
      submit={submit}
      busy={busy}
      error={error}
    >
      <TextInput label={t('name')} required data-autofocus {...form.getInputProps('name')} />
      {venue === null && <TextInput label={t('id')} description={t('id_hint')} {...form.getInputProps('id')} />}
      {groups.length > 0 && (
        <Select
          label={t('venues.group')}
          data={groups.map(({ id, name }) => ({ value: id, label: name }))}
          clearable
          placeholder={t('venues.no_group')}
          {...form.getInputProps('venues_group_id')}
        />
      )}
    </FormDialog>
  );
}
