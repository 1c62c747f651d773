// Choosing a scope: one venue, a whole group and, for keys and users, everything.
import { type ComboboxData, Select } from '@mantine/core';
import type { ReactNode } from 'react';

import type { KeyScope } from '@/api/schema';
import { usePlaces } from '@/context/place';
import { useUser } from '@/context/session';
import { useTranslation } from '@/texts/translation';

const everything = 'all:';

function toValue(scope: KeyScope): string {
  if ('venue_id' in scope) return `venue:${scope.venue_id}`;
  if ('venues_group_id' in scope) return `group:${scope.venues_group_id}`;
  return everything;
}

function toScope(value: string): KeyScope {
  const id = value.slice(value.indexOf(':') + 1);
  if (value.startsWith('venue:')) return { venue_id: id };
  return value.startsWith('group:') ? { venues_group_id: id } : {};
}

interface ScopeSelectProps {
  label: string;
  description?: ReactNode;
  // Offers everything, to those whose own scope is everything.
  all?: boolean;
  value?: KeyScope;
  onChange?: (scope: KeyScope) => void;
  error?: ReactNode;
  disabled?: boolean;
}

export function ScopeSelect({ label, description, all = false, value, onChange, error, disabled }: ScopeSelectProps) {
  const { t } = useTranslation();
  const { venues, groups } = usePlaces();
  const mine = useUser().scope;
  const unscoped = Object.keys(mine).length === 0;
  const visibleGroups = groups.filter(({ id }) => unscoped || ('venues_group_id' in mine && mine.venues_group_id === id));
  const data: ComboboxData = [
    ...(all && unscoped ? [{ value: everything, label: t('scope.all') }] : []),
    ...(visibleGroups.length ? [{ group: t('scope.groups'), items: visibleGroups.map(({ id, name }) => ({ value: `group:${id}`, label: name })) }] : []),
    ...(venues.length ? [{ group: t('scope.venues'), items: venues.map(({ id, name }) => ({ value: `venue:${id}`, label: name })) }] : []),
  ];
  return (
    <Select
      label={label}
      description={description}
      data={data}
      value={value === undefined ? null : toValue(value)}
      onChange={(chosen) => chosen !== null && onChange?.(toScope(chosen))}
      allowDeselect={false}
      searchable={venues.length > 8}
      error={error}
      disabled={disabled}
    />
  );
}
