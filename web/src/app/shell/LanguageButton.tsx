import { ActionIcon } from '@mantine/core';

import { OnDemand } from '@/parts/OnDemand';
import { useTranslation } from '@/texts/translation';
import { LanguageGlyph } from './glyphs';

export function LanguageButton() {
  const { t } = useTranslation();
  return (
    <OnDemand
      load={() => import('./LanguageMenu')}
      props={{}}
      button={(opener) => <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('language')} aria-haspopup="menu" {...opener}><LanguageGlyph /></ActionIcon>}
    />
  );
}
