import { ActionIcon, Menu, type MantineColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';

import { useTranslation } from '@/texts/translation';

const icons = { light: IconSun, dark: IconMoon, auto: IconDeviceDesktop };
const schemes: MantineColorScheme[] = ['light', 'dark', 'auto'];

// The choices alone, for a menu that also holds others.
export function SchemeChoices() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}>
      {schemes.map((scheme) => <Menu.RadioItem key={scheme} value={scheme}>{t(`scheme.${scheme}`)}</Menu.RadioItem>)}
    </Menu.RadioGroup>
  );
}

export function SchemeMenu() {
  const { t } = useTranslation();
  const { colorScheme } = useMantineColorScheme();
  const Glyph = icons[colorScheme];
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('scheme.label')}><Glyph size={20} stroke={1.7} aria-hidden /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown><SchemeChoices /></Menu.Dropdown>
    </Menu>
  );
}
