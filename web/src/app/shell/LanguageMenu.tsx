import { ActionIcon, Menu } from '@mantine/core';

import { type Language, languages } from '@/boot/first_language';
import { useOpened } from '@/parts/use_opened';
import { chooseLanguage } from '@/texts/i18n';
import { useTranslation } from '@/texts/translation';
import { LanguageGlyph } from './glyphs';

// The choices alone, for a menu that also holds others.
export function LanguageChoices() {
  const { i18n } = useTranslation();
  return (
    <Menu.RadioGroup value={i18n.language} onChange={(language) => chooseLanguage(language as Language)}>
      {Object.entries(languages).map(([language, name]) => (
        <Menu.RadioItem key={language} value={language} lang={language}>{name}</Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

export default function LanguageMenu() {
  const { t } = useTranslation();
  const { button, opened, setOpened } = useOpened();
  return (
    <Menu position="bottom-end" withinPortal opened={opened} onChange={setOpened}>
      <Menu.Target>
        <ActionIcon ref={button} variant="subtle" color="gray" size="lg" aria-label={t('language')}><LanguageGlyph /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown><LanguageChoices /></Menu.Dropdown>
    </Menu>
  );
}
