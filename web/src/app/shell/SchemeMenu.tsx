import { ActionIcon, Menu, type MantineColorScheme, useMantineColorScheme } from '@mantine/core';

import { useOpened } from '@/parts/use_opened';
import { useTranslation } from '@/texts/translation';
import { SchemeGlyph } from './glyphs';

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

export default function SchemeMenu() {
  const { t } = useTranslation();
  const { button, opened, setOpened } = useOpened();
  return (
    <Menu position="bottom-end" withinPortal opened={opened} onChange={setOpened}>
      <Menu.Target>
        <ActionIcon ref={button} variant="subtle" color="gray" size="lg" aria-label={t('scheme.label')}><SchemeGlyph /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown><SchemeChoices /></Menu.Dropdown>
    </Menu>
  );
}
