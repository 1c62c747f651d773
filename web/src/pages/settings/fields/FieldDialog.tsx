// Makes a custom field, or changes its label, options and whether forms demand it. What kind it is stays.
import { Select, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';

import { api, call } from '@/api/client';
import type { CustomField } from '@/api/schema';
import type { OwnPlace } from '@/context/place';
import { FormDialog } from '@/parts/FormDialog';
import { notifyDone } from '@/parts/notify';
import { useSubmit } from '@/parts/submit';
import { fieldsKey } from '@/queries/fields';
import type { PlaceScope } from '@/queries/venues';
import { useTranslation } from '@/texts/translation';
import { fromOptions, type OptionRow, OptionsEditor, optionsError, toOptions } from './OptionsEditor';

type Kind = CustomField['type'];
const kinds: Kind[] = ['text', 'number', 'date', 'select', 'multiselect', 'object'];

export function hasOptions(kind: Kind): boolean {
  return kind === 'select' || kind === 'multiselect';
}

interface FieldDialogProps {
  // Null makes a new one.
  field: CustomField | null;
  place: OwnPlace;
  collection: CustomField['collection'];
  onClose: () => void;
}

interface FieldValues extends Record<string, unknown> {
  label: string;
  type: Kind;
  level: 'venue' | 'group';
  isRequiredInBO: boolean;
  data: OptionRow[];
}

export function FieldDialog({ field, place, collection, onClose }: FieldDialogProps) {
  const { t } = useTranslation('settings');
  const { t: tCommon } = useTranslation();
  const client = useQueryClient();
  const groupId = place.kind === 'group' ? place.id : place.venue.venues_group_id;
  const form = useForm<FieldValues>({
    initialValues: {
      label: field?.label ?? '',
      type: field?.type ?? 'text',
      level: place.kind,
      isRequiredInBO: field?.isRequiredInBO ?? false,
      data: fromOptions(field?.data ?? []),
    },
    validate: {
      label: (label) => (label.trim() === '' ? t('fields.label_missing') : null),
      data: (rows, values) => (hasOptions(values.type) ? optionsError(rows, t) : null),
    },
  });
  const { submit, busy, error } = useSubmit(form, async ({ label, type, level, isRequiredInBO, data }) => {
    const options = hasOptions(type) ? { data: toOptions(data) } : {};
    if (field === null) {
      const scope: PlaceScope = level === 'group' && groupId !== null ? { venues_group_id: groupId } : { venue_id: place.id };
      await call(api.POST('/api/fields', { body: { collection, label, type, isRequiredInBO, ...options, ...scope } }));
    } else {
      await call(api.PATCH('/api/fields/{code}', { params: { path: { code: field.code } }, body: { label, isRequiredInBO, ...options } }));
    }
    await client.invalidateQueries({ queryKey: fieldsKey });
    notifyDone(tCommon('saved'));
    onClose();
  });
  const { type } = form.values;
  return (
    <FormDialog
      title={field === null ? t('fields.new') : t('fields.edit', { name: field.label })}
      confirm={field === null ? t('fields.create') : tCommon('save')}
      size={hasOptions(type) ? 'lg' : 'md'}
      onClose={onClose}
      submit={submit}
      busy={busy}
      error={error}
    >
      <TextInput label={t('fields.label')} required data-autofocus {...form.getInputProps('label')} />
      <Select
        label={t('fields.type')}
        description={t(`fields.kind_text.${type}`)}
        data={kinds.map((kind) => ({ value: kind, label: t(`fields.kind.${kind}`) }))}
        allowDeselect={false}
        disabled={field !== null}
        {...form.getInputProps('type')}
      />
      {hasOptions(type) && <OptionsEditor {...form.getInputProps('data')} />}
      {field === null && place.kind === 'venue' && groupId !== null && (
        <Select
          label={t('fields.level')}
          data={[
            { value: 'venue', label: t('fields.level_venue') },
            { value: 'group', label: t('fields.level_group') },
          ]}
          allowDeselect={false}
          {...form.getInputProps('level')}
        />
      )}
      <Switch
        label={t('fields.required')}
        description={t('fields.required_text')}
        {...form.getInputProps('isRequiredInBO', { type: 'checkbox' })}
      />
    </FormDialog>
  );
}
