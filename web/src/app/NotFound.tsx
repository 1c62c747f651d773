import { Button } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';

import { Link } from '@/context/links';
import { EmptyState } from '@/parts/EmptyState';
import { Page } from '@/parts/Page';
import { useTranslation } from '@/texts/translation';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Page title={t('not_found.title')}>
      <EmptyState icon={IconMapOff} title={t('not_found.heading')} text={t('not_found.text')}>
        <Button component={Link} to="/">{t('not_found.home')}</Button>
      </EmptyState>
    </Page>
  );
}
