import { ActionIcon } from '@mantine/core';

import { OnDemand } from '@/parts/OnDemand';
import { useTranslation } from '@/texts/translation';
import { SchemeGlyph } from './glyphs';

export function SchemeButton() {
  const { t } = useTranslation();
  return (
    <OnDemand
      load={() => import('./SchemeMenu')}
      props={{}}
      button={(opener) => <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('scheme.label')} aria-haspopup="menu" {...opener}><SchemeGlyph /></ActionIcon>}
    />
  );
}
