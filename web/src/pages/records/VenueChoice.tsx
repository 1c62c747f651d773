// Which venue of the group that the header names a new record, or a file of them, belongs to.
import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import { usePlaces } from '@/app/place';

export function VenueChoice({ venueId }: { venueId: string }) {
  const { t } = useTranslation('records');
  const { place } = usePlaces();
  const [, setSearch] = useSearchParams();
  if (place?.kind !== 'group' || place.venues.length < 2) return null;
  return (
    <Select
      label={t('venue')}
      data={place.venues.map(({ id, name }) => ({ value: id, label: name }))}
      value={venueId}
      onChange={(id) => id !== null && setSearch({ venue_id: id }, { replace: true })}
      allowDeselect={false}
      searchable={place.venues.length > 8}
      maw={320}
    />
  );
}
