// Copies a text. With `children` a button with words; else an icon whose name is `label`.
import { ActionIcon, Button } from '@mantine/core';
import { IconCheck, IconCopy, IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';

import { useTranslation } from '@/texts/translation';
import { copyText } from './copy_text';
import { Hint } from './Hint';

const shownMs = 1_500;

interface CopyButtonProps {
  // A text that is made when it is wanted may take a moment.
  value: string | (() => Promise<string>);
  label?: string;
  onCopy?: () => void;
  children?: ReactNode;
  size?: string;
}

export function CopyButton({ value, label, onCopy, children, size }: CopyButtonProps) {
  const { t } = useTranslation();
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), shownMs);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    const copied = await copyText(typeof value === 'string' ? value : await value());
    setState(copied ? 'copied' : 'failed');
    if (copied) onCopy?.();
  };
  const Glyph = { idle: IconCopy, copied: IconCheck, failed: IconX }[state];
  const name = { idle: label ?? t('copy'), copied: t('copied'), failed: t('copy_failed') }[state];
  if (children !== undefined) {
    return (
      <Button variant="default" size={size} onClick={() => void copy()} leftSection={<Glyph size={16} aria-hidden />}>
        {state === 'idle' ? children : name}
      </Button>
    );
  }
  return (
    <Hint label={name}>
      <ActionIcon variant="subtle" color="gray" onClick={() => void copy()} aria-label={name}><Glyph size={16} aria-hidden /></ActionIcon>
    </Hint>
  );
}
