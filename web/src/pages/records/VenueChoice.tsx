// Which venue a new record, or a file of them, belongs to, where the place of the page is not one venue already.
import { Select } from '@mantine/core';
import { useSearchParams } from 'react-router';

import type { Venue } from '@/api/schema';
import { usePlaces } from '@/context/place';
import { useTranslation } from '@/texts/translation';

// The venue of the page; of a group or of all the one that was chosen, null before.
export function useChosenVenue(): Venue | null {
  const { place } = usePlaces();
  const [search] = useSearchParams();
  if (place === null) return null;
  if (place.kind === 'venue') return place.venue;
  return place.venues.find(({ id }) => id === search.get('venue_id')) ?? (place.venues.length === 1 ? place.venues[0]! : null);
}

export function VenueChoice() {
  const { t } = useTranslation('records');
  const { place } = usePlaces();
  const [search, setSearch] = useSearchParams();
  const venue = useChosenVenue();
  if (place === null || place.kind === 'venue' || place.venues.length < 2) return null;
  return (
    <Select
      label={t('venue')}
      description={venue === null ? t('venue_first') : undefined}
      placeholder={t('venue_choose')}
      data={place.venues.map(({ id, name }) => ({ value: id, label: name }))}
      value={venue?.id ?? null}
      onChange={(id) => {
        if (id === null) return;
        search.set('venue_id', id);
        setSearch(search, { replace: true });
      }}
      allowDeselect={false}
      searchable
      maw={360}
    />
  );
}
