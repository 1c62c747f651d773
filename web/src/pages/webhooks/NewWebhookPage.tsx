// New webhook: its settings. MadeWebhookPage.tsx follows.
import { Accordion, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconInbox } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';

import { api, call } from '@/api/client';
import type { NewWebhookAnswer, Scope } from '@/api/schema';
import { Link, useGo } from '@/context/links';
import { usePlaces } from '@/context/place';
import { FormError } from '@/parts/FormError';
import { LeaveGuard } from '@/parts/LeaveGuard';
import { Loading } from '@/parts/Loading';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { ScopeSelect } from '@/parts/ScopeSelect';
import { useSubmit } from '@/parts/submit';
import { webhooksKey } from '@/queries/webhooks';
import { useTranslation } from '@/texts/translation';
import { EventsField } from './EventsField';
import { justMade } from './just_made';
import { UrlField } from './UrlField';
import { emptyValues, newWebhookOf, validateWebhook } from './webhook_form';

const AdvancedFields = lazy(async () => ({ default: (await import('./AdvancedFields')).AdvancedFields }));

export function NewWebhookPage() {
  const { t } = useTranslation('webhooks');
  const go = useGo();
  const back = { to: '/webhooks', label: t('list.title') };
  const open = async (made: NewWebhookAnswer) => {
    justMade.set(made.id, made.secret);
    await go(`/webhooks/new/${made.id}`, { replace: true });
  };
  return (
    <Page title={t('new.title')} text={t('new.text')} back={back} narrow>
      <NewWebhookForm onMade={open} />
    </Page>
  );
}

function NewWebhookForm({ onMade }: { onMade: (made: NewWebhookAnswer) => Promise<void> }) {
  const { t } = useTranslation('webhooks');
  const { t: tForm } = useTranslation('webhook_form');
  const { t: tCommon } = useTranslation();
  const client = useQueryClient();
  const { place } = usePlaces();
  const form = useForm({ initialValues: emptyValues(place?.scope ?? null), validate: validateWebhook(tForm) });
  const { submit, busy, error } = useSubmit(form, async (values) => {
    const made = await call(api.POST('/api/webhooks', { body: newWebhookOf(values) }));
    await client.invalidateQueries({ queryKey: webhooksKey });
    await onMade(made);
  });
  const [advanced, setAdvanced] = useState(false);
  const values = form.getValues();
  return (
    <form onSubmit={submit} noValidate>
      <LeaveGuard when={form.isDirty() && !busy} />
      <Stack gap="lg">
        <FormError error={error} />
        <Panel>
          <Stack gap="lg">
            <TextInput label={t('name')} placeholder={t('new.name_example')} required data-autofocus {...form.getInputProps('name')} />
            <Stack gap={6}>
              <UrlField
                label={t('url')}
                description={tForm('form.url_text')}
                placeholder="https://api.yourdomain.com/webhooks/bookingshake"
                required
                {...form.getInputProps('url')}
              />
              <InboxOffer
                scope={values.scope}
                onMade={(url) => {
                  form.setFieldValue('url', url);
                  if (values.name === '') form.setFieldValue('name', t('new.inbox_name'));
                }}
              />
            </Stack>
            <ScopeSelect
              label={t('scope')}
              description={tForm('form.scope_text')}
              value={values.scope ?? undefined}
              onChange={(scope) => form.setFieldValue('scope', scope as Scope)}
              error={form.errors['scope']}
            />
            <EventsField value={values.events} onChange={(events) => form.setFieldValue('events', events)} error={form.errors['events']} />
          </Stack>
        </Panel>
        <Accordion variant="separated" onChange={(opened) => opened !== null && setAdvanced(true)}>
          <Accordion.Item value="advanced">
            <Accordion.Control>{tForm('form.advanced')}</Accordion.Control>
            <Accordion.Panel>{advanced && <Suspense fallback={<Loading />}><AdvancedFields form={form} /></Suspense>}</Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        <Group justify="flex-end">
          <Button variant="default" component={Link} to="/webhooks">{tCommon('cancel')}</Button>
          <Button type="submit" loading={busy}>{t('new.create')}</Button>
        </Group>
      </Stack>
    </form>
  );
}

// For those who have no endpoint yet: a URL of this server that keeps what it receives.
function InboxOffer({ scope, onMade }: { scope: Scope | null; onMade: (url: string) => void }) {
  const { t } = useTranslation('webhooks');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const make = async () => {
    if (scope === null) return;
    setBusy(true);
    setError(null);
    try {
      const inbox = await call(api.POST('/api/inboxes', { body: { scope } }));
      onMade(inbox.url);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  if (scope === null) return <Text size="xs" c="dimmed">{t('new.use_inbox_later')}</Text>;
  return (
    <>
      <Group gap="xs">
        <Button
          variant="subtle"
          size="compact-sm"
          h="auto"
          styles={{ label: { whiteSpace: 'normal', textAlign: 'start' } }}
          leftSection={<IconInbox size={16} aria-hidden />}
          onClick={() => void make()}
          loading={busy}
        >
          {t('new.use_inbox')}
        </Button>
      </Group>
      <FormError error={error} />
    </>
  );
}
