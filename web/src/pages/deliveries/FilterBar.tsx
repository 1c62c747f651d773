// The fields narrow the list of deliveries; text that is typed takes effect after a pause.
import { Select, SimpleGrid, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';

import { DateTimeField } from '@/parts/DateFields';
import { Panel } from '@/parts/Panel';
import { fromPicker, toPicker } from '@/parts/picker_time';
import { eventGroups } from '@/parts/webhooks/events';
import { WebhookSelect } from '@/parts/webhooks/WebhookSelect';
import type { DeliveryFilter } from '@/queries/deliveries';
import { useTranslation } from '@/texts/translation';

const codes = ['2xx', '3xx', '4xx', '5xx', '401', '404', '410', '429', '500', '503'];
const typingPauseMs = 350;

interface FilterBarProps {
  filter: DeliveryFilter;
  change: (changes: { [Name in keyof DeliveryFilter]?: DeliveryFilter[Name] | undefined }) => void;
}

export function FilterBar({ filter, change }: FilterBarProps) {
  const { t } = useTranslation('deliveries');
  return (
    <Panel>
      <SimpleGrid cols={{ base: 1, xs: 2, sm: 3, lg: 6 }} spacing="sm">
        <WebhookSelect
          label={t('webhook')}
          placeholder={t('filter.all')}
          value={filter.webhook_id ?? null}
          onChange={(id) => change({ webhook_id: id ?? undefined })}
          clearable
        />
        <Select
          label={t('event')}
          placeholder={t('filter.all')}
          data={eventGroups.flatMap(({ events }) => events)}
          value={filter.event ?? null}
          onChange={(event) => change({ event: (event) ?? undefined })}
          clearable
        />
        <Select
          label={t('answer')}
          placeholder={t('filter.all')}
          data={[...codes, { value: 'none', label: t('filter.no_answer') }]}
          value={filter.status_code ?? null}
          onChange={(code) => change({ status_code: code ?? undefined })}
          clearable
        />
        <ResourceField key={filter.resource_id === undefined ? 'none' : 'some'} filter={filter} change={change} />
        <DateTimeField
          label={t('filter.since')}
          value={filter.since === undefined ? null : toPicker(filter.since)}
          onChange={(value) => change({ since: fromPicker(value) })}
          clearable
        />
        <DateTimeField
          label={t('filter.until')}
          value={filter.until === undefined ? null : toPicker(filter.until)}
          onChange={(value) => change({ until: fromPicker(value) })}
          clearable
        />
      </SimpleGrid>
    </Panel>
  );
}

function ResourceField({ filter, change }: Pick<FilterBarProps, 'filter' | 'change'>) {
  const { t } = useTranslation('deliveries');
  const [typed, setTyped] = useState(filter.resource_id ?? '');
  const apply = useDebouncedCallback((id: string) => change({ resource_id: id.trim() || undefined }), typingPauseMs);
  return (
    <TextInput
      label={t('resource')}
      placeholder={t('filter.resource_example')}
      value={typed}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        apply(currentTarget.value);
      }}
    />
  );
}
