import { ActionIcon, Menu } from '@mantine/core';
import { IconLanguage } from '@tabler/icons-react';

import { chooseLanguage, type Language, languages } from '@/texts/i18n';
import { useTranslation } from '@/texts/translation';

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

export function LanguageMenu() {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('language')}><IconLanguage size={20} stroke={1.7} aria-hidden /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown><LanguageChoices /></Menu.Dropdown>
    </Menu>
  );
}
