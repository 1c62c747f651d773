// A scope in words: the venue's or the group's name.
import { IconBuilding, IconBuildingStore, IconWorld } from '@tabler/icons-react';

import type { KeyScope } from '@/api/schema';
import { usePlaces } from '@/context/place';
import { useTranslation } from '@/texts/translation';
import cells from './cells.module.css';

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
    <span className={cells.place}>
      <Glyph size={16} stroke={1.7} aria-hidden />
      <span>{name}</span>
    </span>
  );
}
