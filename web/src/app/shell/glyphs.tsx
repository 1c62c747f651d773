// The signs on buttons of the header; the menus that take the buttons' place (OnDemand.tsx) have the same.
import { Avatar, VisuallyHidden, useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconLanguage, IconMoon, IconSun } from '@tabler/icons-react';

import { useTranslation } from '@/texts/translation';

const icons = { light: IconSun, dark: IconMoon, auto: IconDeviceDesktop };

export const LanguageGlyph = () => <IconLanguage size={20} stroke={1.7} aria-hidden />;

export function SchemeGlyph() {
  const { colorScheme } = useMantineColorScheme();
  const Glyph = icons[colorScheme];
  return <Glyph size={20} stroke={1.7} aria-hidden />;
}

export function UserMark({ name }: { name: string }) {
  const { t } = useTranslation();
  return (
    <>
      <Avatar name={name} color="ink" radius="xl" size={34} aria-hidden />
      <VisuallyHidden>{t('user.menu', { name })}</VisuallyHidden>
    </>
  );
}
