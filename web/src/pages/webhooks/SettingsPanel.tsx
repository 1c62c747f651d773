// A webhook's settings, to be edited. Its scope stays as it was made.
import { Button, Divider, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';

import { api, call } from '@/api/client';
import type { Webhook } from '@/api/schema';
import { useMay } from '@/context/session';
import { FormError } from '@/parts/FormError';
import { LeaveGuard } from '@/parts/LeaveGuard';
import { notifyDone } from '@/parts/notify';
import { Panel } from '@/parts/Panel';
import { ScopeName } from '@/parts/ScopeName';
import { useSubmit } from '@/parts/submit';
import { webhooksKey } from '@/queries/webhooks';
import { useTranslation } from '@/texts/translation';
import { AdvancedFields } from './AdvancedFields';
import { EventsField } from './EventsField';
import { UrlField } from './UrlField';
import { patchOf, validateWebhook, valuesOf } from './webhook_form';

export function SettingsPanel({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation('webhooks');
  const { t: tForm } = useTranslation('webhook_form');
  const { t: tCommon } = useTranslation();
  const may = useMay();
  const client = useQueryClient();
  const before = valuesOf(webhook);
  const form = useForm({ initialValues: before, validate: validateWebhook(tForm) });
  const { submit, busy, error } = useSubmit(form, async (values) => {
    const body = patchOf(values, before);
    await call(api.PATCH('/api/webhooks/{id}', { params: { path: { id: webhook.id } }, body }));
    await client.invalidateQueries({ queryKey: webhooksKey });
    notifyDone(tCommon('saved'));
  });
  const disabled = !may.manage;
  const values = form.getValues();
  return (
    <form onSubmit={submit} noValidate>
      <LeaveGuard when={form.isDirty() && !busy} />
      <Panel>
        <Stack gap="lg" maw={720}>
          <FormError error={error} />
          <TextInput label={t('name')} required disabled={disabled} {...form.getInputProps('name')} />
          <UrlField label={t('url')} description={tForm('form.url_edit_text')} known={webhook.url} required disabled={disabled} {...form.getInputProps('url')} />
          <div>
            <Text size="sm" fw={500}>{t('scope')}</Text>
            <ScopeName scope={webhook.scope} />
          </div>
          <EventsField value={values.events} onChange={(events) => form.setFieldValue('events', events)} error={form.errors['events']} disabled={disabled} />
          <Divider />
          <AdvancedFields form={form} disabled={disabled} />
          {may.manage && (
            <Group justify="flex-end">
              <Button variant="default" onClick={() => form.reset()} disabled={!form.isDirty()}>{tForm('form.reset')}</Button>
              <Button type="submit" loading={busy} disabled={!form.isDirty()}>{tCommon('save')}</Button>
            </Group>
          )}
        </Stack>
      </Panel>
    </form>
  );
}
