// Something is on its way. Shown after a moment only, so that what is quick does not flicker.
import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import { useTimeout } from '@mantine/hooks';
import { useState } from 'react';

import { useTranslation } from '@/texts/translation';

const quietMs = 150;

export function Loading({ lines = 4 }: { lines?: number }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  useTimeout(() => setShown(true), quietMs, { autoInvoke: true });
  return (
    <Stack gap="sm" p="lg" role="status" aria-live="polite" mih={lines * 32}>
      <VisuallyHidden>{t('loading')}</VisuallyHidden>
      {shown && Array.from({ length: lines }, (_, line) => <Skeleton key={line} height={20} width={`${95 - (line % 3) * 15}%`} />)}
    </Stack>
  );
}
