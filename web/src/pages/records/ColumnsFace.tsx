import { Button } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import type { ComponentPropsWithRef } from 'react';

import { useTranslation } from '@/texts/translation';

// The button of the columns that the list shows.
export function ColumnsFace(props: Pick<ComponentPropsWithRef<'button'>, 'ref' | 'onClick' | 'onPointerEnter' | 'onFocus'>) {
  const { t } = useTranslation('records');
  return <Button variant="default" leftSection={<IconColumns3 size={16} aria-hidden />} aria-haspopup="dialog" {...props}>{t('columns')}</Button>;
}
