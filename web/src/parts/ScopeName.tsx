// A scope in words: the venue's or the group's name.
import { Group } from '@mantine/core';
import { IconBuilding, IconBuildingStore, IconWorld } from '@tabler/icons-react';

import type { KeyScope } from '@/api/schema';
import { usePlaces } from '@/app/place';
import { useTranslation } from '@/texts/translation';

export function ScopeName({ scope }: { scope: KeyScope }) {
  const { t } = useTranslation();
  const { venues, groups } = usePlaces();
  const [Glyph, name] =
    'venue_id' in scope
      ? [IconBuildingStore, venues.find(({ id }) => id === scope.venue_id)?.name ?? scope.venue_id]
      : 'venues_group_id' in scope
        ? [IconBuilding, groups.find(({ id }) => id === scope.venues_group_id)?.name ?? scope.venues_group_id]
        : [IconWorld, t('scope.all')];
  return (
    <Group component="span" gap={6} wrap="nowrap" display="inline-flex" style={{ verticalAlign: 'middle' }}>
      <Glyph size={16} stroke={1.7} aria-hidden style={{ flex: 'none' }} />
      <span>{name}</span>
    </Group>
  );
}
