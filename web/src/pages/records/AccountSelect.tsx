// The account of a contact, found by typing a part of its name.
import { Select, type SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { nameOf } from '@/parts/records/kinds';
import { listRecords, recordsKey, useRecord } from '@/queries/records';
import { useTranslation } from '@/texts/translation';

const foundMax = 20;
const typingPauseMs = 300;

interface AccountSelectProps extends Pick<SelectProps, 'label' | 'error'> {
  venueId: string;
  value?: string;
  onChange?: (id: string) => void;
}

export function AccountSelect({ venueId, value = '', onChange, ...select }: AccountSelectProps) {
  const { t } = useTranslation('records');
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), typingPauseMs);
  const chosen = useRecord('account', venueId, value);
  const found = useQuery({
    queryKey: [...recordsKey('account'), venueId, 'find', q],
    queryFn: () => listRecords('account', venueId, { limit: foundMax, ...(q && { q }) }),
    placeholderData: keepPreviousData,
  });
  const options = (found.data?.data ?? []).map((account) => ({ value: account.id, label: nameOf('account', account) }));
  if (value !== '' && !options.some((option) => option.value === value)) {
    options.unshift({ value, label: chosen.data ? nameOf('account', chosen.data.record) : value });
  }
  return (
    <Select
      {...select}
      data={options}
      value={value || null}
      onChange={(id) => onChange?.(id ?? '')}
      searchable
      onSearchChange={setTyped}
      filter={({ options: all }) => all}
      nothingFoundMessage={t('no_account')}
      clearable
    />
  );
}
