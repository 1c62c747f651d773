// Hands a text to another app, where the device can: on a phone, to whoever sets up the receiver.
import { ActionIcon } from '@mantine/core';
import { IconShare2 } from '@tabler/icons-react';

import { useTranslation } from '@/texts/translation';
import { Hint } from './Hint';

// Absent on most computers; the types do not know that.
const canShare = () => typeof (navigator as Partial<Navigator>).share === 'function' && matchMedia('(pointer: coarse)').matches;

export function ShareButton({ title, text }: { title: string; text: string }) {
  const { t } = useTranslation();
  if (!canShare()) return null;
  // Who changes their mind is told nothing.
  const share = () => void navigator.share({ title, text }).catch(() => undefined);
  return (
    <Hint label={t('share')}>
      <ActionIcon variant="subtle" color="gray" onClick={share} aria-label={t('share')}><IconShare2 size={16} aria-hidden /></ActionIcon>
    </Hint>
  );
}
