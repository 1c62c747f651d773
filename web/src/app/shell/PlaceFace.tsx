// The button that says the place.
import { Button, type ButtonProps, Text } from '@mantine/core';
import { IconBuilding, IconBuildingStore, IconSelector, IconWorld } from '@tabler/icons-react';
import clsx from 'clsx';
import type { ComponentPropsWithRef } from 'react';

import { usePlaces } from '@/context/place';
import { useTranslation } from '@/texts/translation';
import styles from './PlaceFace.module.css';

const glyphs = { venue: IconBuildingStore, group: IconBuilding, all: IconWorld } as const;

export function PlaceFace({ className, ...props }: ButtonProps & ComponentPropsWithRef<'button'>) {
  const { t } = useTranslation();
  const { place } = usePlaces();
  const Glyph = glyphs[place?.kind ?? 'all'];
  const name = place === null ? t('place.unknown') : place.kind === 'all' ? t('place.all') : place.kind === 'group' ? t('place.whole_group', { name: place.name }) : place.name;
  return (
    <Button
      variant="default"
      className={clsx(styles.target, className)}
      w="18rem"
      maw="100%"
      leftSection={<Glyph size={16} stroke={1.7} aria-hidden />}
      rightSection={<IconSelector size={16} stroke={1.7} aria-hidden />}
      aria-label={`${t('place.label')}: ${name}`}
      {...props}
    >
      <Text span inherit truncate>{name}</Text>
    </Button>
  );
}
