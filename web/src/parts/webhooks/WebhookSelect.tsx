// Asks for one of the webhooks of the place, found by typing a part of its name, its URL or its venue. The server searches.
import { Select, type SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';

import { scopeOf, usePlaces } from '@/context/place';
import { useFoundWebhooks, useWebhook } from '@/queries/webhooks';
import { useTranslation } from '@/texts/translation';
import { useWebhookLabel } from './webhook_label';

const typingPauseMs = 250;

interface WebhookSelectProps extends Omit<SelectProps, 'data' | 'value' | 'onChange'> {
  value: string | null;
  onChange: (id: string | null) => void;
}

export function WebhookSelect({ value, onChange, ...select }: WebhookSelectProps) {
  const { t } = useTranslation('webhooks');
  const { place } = usePlaces();
  const labelOf = useWebhookLabel();
  const [typed, setTyped] = useState('');
  const chosen = useWebhook(value ?? '');
  const chosenLabel = chosen.data ? labelOf(chosen.data) : undefined;
  // The label of the chosen one stands in the field: it is not what is looked for.
  const [q] = useDebouncedValue(typed === chosenLabel ? '' : typed.trim(), typingPauseMs);
  const found = useFoundWebhooks(q, scopeOf(place));
  const data = (found.data ?? []).map((webhook) => ({ value: webhook.id, label: labelOf(webhook) }));
  if (value !== null && !data.some((option) => option.value === value)) data.unshift({ value, label: chosenLabel ?? value });
  return (
    <Select
      {...select}
      data={data}
      value={value}
      onChange={onChange}
      searchable
      onSearchChange={setTyped}
      filter={({ options }) => options}
      nothingFoundMessage={t('list.none')}
      onFocus={(event) => event.currentTarget.select()}
    />
  );
}
