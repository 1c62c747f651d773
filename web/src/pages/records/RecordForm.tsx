// The form of a contact or an account: the documented fields in groups, then the custom fields by their kinds.
import { Button, Group, Select, SimpleGrid, Skeleton, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { lazy, Suspense } from 'react';

import type { CustomField } from '@/api/schema';
import { DateField } from '@/parts/DateFields';
import { FormError } from '@/parts/FormError';
import { LeaveGuard } from '@/parts/LeaveGuard';
import { Panel } from '@/parts/Panel';
import { type DocumentedField, fieldGroups } from '@/parts/records/kinds';
import { useSubmit } from '@/parts/submit';
import type { Kind } from '@/queries/records';
import { useTranslation } from '@/texts/translation';
import { AccountSelect } from './AccountSelect';
import { problemsOf, type RecordValues } from './record_form';

// Inputs of custom fields that few venues have.
const JsonInput = lazy(async () => ({ default: (await import('./JsonInput')).JsonInput }));
const MultiSelect = lazy(async () => ({ default: (await import('./MultiSelect')).MultiSelect }));
const NumberInput = lazy(async () => ({ default: (await import('@/parts/NumberInput')).NumberInput }));

// Mantine's form gives these to an input; it leaves the value's type open.
interface FieldProps<Value> {
  value: Value;
  onChange: (value: unknown) => void;
  error?: string;
}

interface RecordFormProps {
  kind: Kind;
  venueId: string;
  fields: CustomField[];
  initialValues: RecordValues;
  // The button's text.
  confirm: string;
  send: (values: RecordValues) => Promise<unknown>;
  onCancel: () => void;
}

export function RecordForm({ kind, venueId, fields, initialValues, confirm, send, onCancel }: RecordFormProps) {
  const { t } = useTranslation('records');
  const { t: tCommon } = useTranslation();
  const form = useForm<RecordValues>({
    initialValues,
    validate: (values) =>
      Object.fromEntries(Object.entries(problemsOf(kind, fields, values)).map(([name, problem]) => [name, t(`problem.${problem}`)])),
  });
  const { submit, busy, error } = useSubmit(form, send);
  const input = ({ name, kind: type }: DocumentedField) => {
    const label = t(`field.${name}` as 'field.email');
    const props = form.getInputProps(name) as FieldProps<string>;
    switch (type) {
      case 'account':
        return <AccountSelect key={name} label={label} venueId={venueId} {...props} />;
      case 'yes_no':
        return (
          <Select
            key={name}
            label={label}
            data={[{ value: 'yes', label: tCommon('yes') }, { value: 'no', label: tCommon('no') }]}
            clearable
            {...props}
            value={props.value || null}
            onChange={(value) => form.setFieldValue(name, value ?? '')}
          />
        );
      default:
        return <TextInput key={name} label={label} type={type === 'email' ? 'email' : type === 'phone' ? 'tel' : 'text'} autoComplete="off" {...props} />;
    }
  };
  const custom = (field: CustomField) => {
    const common = { label: field.label, withAsterisk: field.isRequiredInBO, ...(form.getInputProps(field.code) as FieldProps<never>) };
    const options = field.data.map(({ label }, place) => ({ value: String(place), label }));
    const set = (value: string | null) => form.setFieldValue(field.code, value ?? '');
    switch (field.type) {
      case 'select':
        return <Select {...common} data={options} value={common.value || null} onChange={set} clearable searchable={options.length > 8} />;
      case 'multiselect':
        return <MultiSelect {...common} data={options} clearable />;
      case 'number':
        return <NumberInput {...common} />;
      case 'date':
        return <DateField {...common} value={common.value || null} onChange={set} clearable />;
      case 'object':
        return <JsonInput {...common} autosize minRows={3} formatOnBlur validationError={t('problem.json')} />;
      default:
        return <TextInput {...common} autoComplete="off" />;
    }
  };
  return (
    <form onSubmit={submit} noValidate>
      <LeaveGuard when={form.isDirty() && !busy} />
      <Stack gap="lg">
        <FormError error={error} />
        {fieldGroups[kind].map((group) => (
          <Panel key={group.name} title={t(`group.${group.name}`)}>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>{group.fields.map(input)}</SimpleGrid>
          </Panel>
        ))}
        {fields.length > 0 && (
          <Panel title={t('group.custom')}><SimpleGrid cols={{ base: 1, sm: 2 }}>{fields.map((field) => <Suspense key={field.code} fallback={<Skeleton h={56} />}>{custom(field)}</Suspense>)}</SimpleGrid></Panel>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>{tCommon('cancel')}</Button>
          <Button type="submit" loading={busy}>{confirm}</Button>
        </Group>
      </Stack>
    </form>
  );
}
