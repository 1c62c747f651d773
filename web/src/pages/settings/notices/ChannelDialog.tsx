// A channel's settings, for a new one and for an edit. A new one of kind "webhook" shows its secret this once.
import { Button, Checkbox, Group, Modal, Select, SimpleGrid, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { api, call } from '@/api/client';
import type { KeyScope, NewNoticeChannelAnswer, NoticeChannel, NoticeEvent } from '@/api/schema';
import { isLanguage, languages } from '@/boot/first_language';
import { usePlaces } from '@/context/place';
import { FormDialog } from '@/parts/FormDialog';
import { ScopeSelect } from '@/parts/ScopeSelect';
import { Secret } from '@/parts/Secret';
import { useSubmit } from '@/parts/submit';
import { WholeNumberField } from '@/parts/WholeNumberField';
import { useTranslation } from '@/texts/translation';
import { dayTime, wholeTime } from './day_time';
import { channelsKey } from './keys';

const kinds = ['email', 'slack', 'teams', 'google_chat', 'webhook'] as const;
const events: NoticeEvent[] = ['webhook.failing', 'webhook.disabled', 'webhook.recovered', 'delivery.exhausted', 'backlog.growing'];
const afterMinutesMax = 1_440;
const recipientsMax = 10;

// Several addresses that are pasted or typed at once become one tag each.
function addressesOf(tags: string[]): string[] {
  return [...new Set(tags.flatMap((tag) => tag.split(/[\s,;]+/)))].filter((address) => address !== '').slice(0, recipientsMax);
}

interface Values extends Record<string, unknown> {
  name: string;
  kind: NoticeChannel['kind'];
  url: string;
  recipients: string[];
  scope: KeyScope;
  events: NoticeEvent[];
  enabled: boolean;
  after_minutes: number;
  quiet: boolean;
  from: string;
  until: string;
  language: NoticeChannel['language'];
}

function valuesOf(channel: NoticeChannel | undefined, scope: KeyScope, language: string): Values {
  return {
    name: channel?.name ?? '',
    kind: channel?.kind ?? 'slack',
    url: channel?.url ?? '',
    recipients: channel?.recipients ?? [],
    scope: channel?.scope ?? scope,
    events: channel?.events ?? events,
    enabled: channel?.enabled ?? true,
    after_minutes: channel?.after_minutes ?? 10,
    quiet: channel !== undefined && channel.quiet_hours !== null,
    from: channel?.quiet_hours?.from ?? '22:00',
    until: channel?.quiet_hours?.until ?? '07:00',
    language: channel?.language ?? (isLanguage(language) ? language : 'en'),
  };
}

export function ChannelDialog({ channel, onClose }: { channel?: NoticeChannel; onClose: () => void }) {
  const { t, i18n } = useTranslation('notices');
  const client = useQueryClient();
  const { place } = usePlaces();
  const [made, setMade] = useState<NewNoticeChannelAnswer | null>(null);
  const form = useForm<Values>({
    initialValues: valuesOf(channel, place?.scope ?? {}, i18n.language),
    validate: {
      name: (name) => (name.trim() === '' ? t('name_missing') : null),
      url: (url, { kind }) => (kind !== 'email' && url.trim() === '' ? t('url_missing') : null),
      recipients: (recipients, { kind }) => (kind === 'email' && recipients.length === 0 ? t('recipients_missing') : null),
      from: (from, { quiet }) => (quiet && !dayTime.test(wholeTime(from)) ? t('time_wrong') : null),
      until: (until, { quiet }) => (quiet && !dayTime.test(wholeTime(until)) ? t('time_wrong') : null),
      events: (chosen) => (chosen.length === 0 ? t('events_missing') : null),
    },
  });
  const { submit, busy, error } = useSubmit(
    form,
    async ({ kind, scope, quiet, from, until, url, recipients, ...values }) => {
      // The quiet hours are those of the place where they are set.
      const quietHours = quiet ? { from: wholeTime(from), until: wholeTime(until), utc_offset_minutes: -new Date().getTimezoneOffset() } : null;
      const address = kind === 'email' ? { recipients } : { url: url.trim() };
      const body = { ...values, ...address, name: values.name.trim(), quiet_hours: quietHours };
      const answer =
        channel === undefined
          ? await call(api.POST('/api/notice-channels', { body: { ...body, kind, scope } }))
          : await call(api.PATCH('/api/notice-channels/{id}', { params: { path: { id: channel.id } }, body }));
      await client.invalidateQueries({ queryKey: channelsKey });
      if ('secret' in answer && answer.secret !== null) setMade(answer as NewNoticeChannelAnswer);
      else onClose();
    },
    { rename: { 'quiet_hours.from': 'from', 'quiet_hours.until': 'until' } },
  );
  if (made !== null) return <MadeChannel made={made} onClose={onClose} />;
  const values = form.getValues();
  return (
    <FormDialog title={channel ? channel.name : t('new')} confirm={t('save')} size="lg" onClose={onClose} submit={submit} busy={busy} error={error}>
      <TextInput label={t('name')} required data-autofocus {...form.getInputProps('name')} />
      {channel === undefined && (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select label={t('kind')} data={kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))} allowDeselect={false} {...form.getInputProps('kind')} />
          <ScopeSelect label={t('scope')} description={t('scope_text')} all {...form.getInputProps('scope')} />
        </SimpleGrid>
      )}
      {values.kind === 'email' ? (
        <TagsInput
          label={t('recipients')}
          description={t('recipients_text')}
          required
          maxTags={recipientsMax}
          splitChars={[',', ';', ' ']}
          acceptValueOnBlur
          {...form.getInputProps('recipients')}
          onChange={(tags) => form.setFieldValue('recipients', addressesOf(tags))}
        />
      ) : (
        <TextInput label={t('url')} description={t(`url_text.${values.kind}`)} required {...form.getInputProps('url')} />
      )}
      <Checkbox.Group label={t('events_label')} {...form.getInputProps('events')}>
        <Stack gap="xs" mt={6}>
          {events.map((event) => <Checkbox key={event} value={event} label={t(`events.${event}`)} />)}
        </Stack>
      </Checkbox.Group>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <WholeNumberField label={t('after_minutes')} description={t('after_minutes_text')} min={0} max={afterMinutesMax} {...form.getInputProps('after_minutes')} />
        <Select
          label={t('language')}
          description={t('language_text')}
          data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
          allowDeselect={false}
          {...form.getInputProps('language')}
        />
      </SimpleGrid>
      <Switch label={t('quiet')} description={t('quiet_text')} {...form.getInputProps('quiet', { type: 'checkbox' })} />
      {values.quiet && (
        <SimpleGrid cols={2}>
          {(['from', 'until'] as const).map((name) => (
            <TextInput
              key={name}
              label={t(name)}
              placeholder="22:00"
              inputMode="numeric"
              maxLength={5}
              {...form.getInputProps(name)}
              onBlur={() => form.setFieldValue(name, wholeTime(form.getValues()[name]))}
            />
          ))}
        </SimpleGrid>
      )}
      <Switch label={t('enabled')} {...form.getInputProps('enabled', { type: 'checkbox' })} />
    </FormDialog>
  );
}

function MadeChannel({ made, onClose }: { made: NewNoticeChannelAnswer; onClose: () => void }) {
  const { t } = useTranslation('notices');
  const { t: tCommon } = useTranslation();
  return (
    <Modal opened onClose={onClose} title={made.name} size="lg" closeOnClickOutside={false} closeButtonProps={{ 'aria-label': tCommon('close') }}>
      <Stack>
        <Secret label={t('secret')} text={t('secret_text')} value={made.secret ?? ''} />
        <Group justify="flex-end"><Button onClick={onClose}>{tCommon('close')}</Button></Group>
      </Stack>
    </Modal>
  );
}
