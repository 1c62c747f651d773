import { Button } from '@mantine/core';
import { IconBookmark } from '@tabler/icons-react';
import type { ComponentPropsWithRef } from 'react';

import { useTranslation } from '@/texts/translation';

// The button of the kept views.
export function ViewsFace(props: Pick<ComponentPropsWithRef<'button'>, 'ref' | 'onClick' | 'onPointerEnter' | 'onFocus'>) {
  const { t } = useTranslation('deliveries');
  return <Button size="compact-sm" variant="default" leftSection={<IconBookmark size={14} aria-hidden />} aria-haspopup="menu" {...props}>{t('views.button')}</Button>;
}
