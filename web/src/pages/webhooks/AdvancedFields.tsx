// The settings that most webhooks leave as they are: order, limits, retries, further headers.
import { ActionIcon, Button, Fieldset, Group, Radio, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';

import { WholeNumberField } from '@/parts/WholeNumberField';
import { useTranslation } from '@/texts/translation';

import { RetryScheduleField } from './RetryScheduleField';
import type { WebhookForm } from './webhook_form';

const concurrentMax = 256;
const perSecondMax = 10_000;
const headersMax = 20;
const disableAfterDaysMax = 30;

export function AdvancedFields({ form, disabled }: { form: WebhookForm; disabled?: boolean }) {
  const { t } = useTranslation('webhook_form');
  const { headers } = form.getValues();
  return (
    <Stack gap="lg">
      <Radio.Group
        label={t('form.ordering')}
        value={form.getValues().ordering}
        onChange={(ordering) => form.setFieldValue('ordering', ordering)}
      >
        <Stack gap="sm" mt={6}>
          <Radio value="relaxed" label={t('form.relaxed')} description={t('form.relaxed_text')} disabled={disabled} />
          <Radio value="strict" label={t('form.strict')} description={t('form.strict_text')} disabled={disabled} />
        </Stack>
      </Radio.Group>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <WholeNumberField
          label={t('form.max_concurrent')}
          description={t('form.max_concurrent_text')}
          placeholder={t('form.no_limit')}
          min={1}
          max={concurrentMax}
          disabled={disabled}
          {...form.getInputProps('max_concurrent')}
        />
        <WholeNumberField
          label={t('form.max_per_second')}
          description={t('form.max_per_second_text')}
          placeholder={t('form.no_limit')}
          min={1}
          max={perSecondMax}
          disabled={disabled}
          {...form.getInputProps('max_per_second')}
        />
      </SimpleGrid>
      <RetryScheduleField
        value={form.getValues().retry_schedule}
        onChange={(schedule) => form.setFieldValue('retry_schedule', schedule)}
        disabled={disabled}
      />
      <WholeNumberField
        label={t('form.disable_after_days')}
        description={t('form.disable_after_days_text')}
        placeholder={t('form.never')}
        min={1}
        max={disableAfterDaysMax}
        disabled={disabled}
        {...form.getInputProps('disable_after_days')}
      />
      <Switch
        label={t('form.standard_headers')}
        description={t('form.standard_headers_text')}
        disabled={disabled}
        {...form.getInputProps('standard_headers', { type: 'checkbox' })}
      />
      <Fieldset legend={t('form.headers')} variant="unstyled" disabled={disabled}>
        <Text size="sm" c="dimmed" mb="xs">{t('form.headers_text')}</Text>
        <Stack gap="xs">
          {headers.map((header, index) => (
            // A row has no name of its own: its place is what it is.
            <Group key={index} gap="xs" align="flex-start" wrap="nowrap">
              <TextInput flex={1} aria-label={t('form.header_name')} placeholder="X-Api-Key" {...form.getInputProps(`headers.${index}.name`)} />
              <TextInput
                flex={1}
                aria-label={t('form.header_value')}
                placeholder={t('form.header_value')}
                autoComplete="off"
                {...form.getInputProps(`headers.${index}.value`)}
                description={header.value === '***' ? t('form.header_kept') : undefined}
                inputWrapperOrder={['label', 'input', 'description', 'error']}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                size={36}
                aria-label={t('form.header_remove', { name: header.name || index + 1 })}
                onClick={() => form.removeListItem('headers', index)}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </Group>
          ))}
          {form.errors['headers'] && <Text size="sm" c="var(--mantine-color-error)">{form.errors['headers']}</Text>}
          {headers.length < headersMax && (
            <Group>
              <Button
                variant="default"
                size="xs"
                leftSection={<IconPlus size={14} aria-hidden />}
                onClick={() => form.insertListItem('headers', { name: '', value: '' })}
              >
                {t('form.header_add')}
              </Button>
            </Group>
          )}
        </Stack>
      </Fieldset>
    </Stack>
  );
}
