// The venue, or the whole group, that the pages are about.
import { Select } from '@mantine/core';
import { IconBuilding, IconBuildingStore } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { usePlaces } from '@/app/place';

export function PlaceChooser() {
  const { t } = useTranslation();
  const { venues, groups, place, choose } = usePlaces();
  if (place === null) return null;

  const option = ({ id, name }: { id: string; name: string }) => ({ value: `venue:${id}`, label: name });
  const grouped = groups.map((group) => ({
    group: group.name,
    items: [
      { value: `group:${group.id}`, label: t('place.whole_group', { name: group.name }) },
      ...venues.filter((venue) => venue.venues_group_id === group.id).map(option),
    ],
  }));
  const known = new Set(groups.map(({ id }) => id));
  const alone = venues.filter((venue) => venue.venues_group_id === null || !known.has(venue.venues_group_id)).map(option);
  const data = grouped.length === 0 ? alone : [...grouped, ...(alone.length ? [{ group: t('place.alone'), items: alone }] : [])];
  const Glyph = place.kind === 'group' ? IconBuilding : IconBuildingStore;

  return (
    <Select
      aria-label={t('place.label')}
      data={data}
      value={`${place.kind}:${place.id}`}
      onChange={(value) => {
        if (value === null) return;
        const [kind, id] = [value.slice(0, value.indexOf(':')), value.slice(value.indexOf(':') + 1)];
        choose(kind === 'group' ? { venues_group_id: id } : { venue_id: id });
      }}
      allowDeselect={false}
      searchable={venues.length > 8}
      leftSection={<Glyph size={16} aria-hidden />}
      maw={280}
      comboboxProps={{ width: 280, position: 'bottom-start' }}
      nothingFoundMessage={t('place.none')}
    />
  );
}
