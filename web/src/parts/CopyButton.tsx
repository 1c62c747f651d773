// Copies a text. With `children` a button with words; else an icon whose name is `label`.
import { ActionIcon, Button, CopyButton as Copier, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface CopyButtonProps {
  value: string;
  label?: string;
  children?: ReactNode;
}

export function CopyButton({ value, label, children }: CopyButtonProps) {
  const { t } = useTranslation();
  return (
    <Copier value={value} timeout={1_500}>
      {({ copied, copy }) => {
        const Glyph = copied ? IconCheck : IconCopy;
        const name = copied ? t('copied') : (label ?? t('copy'));
        if (children !== undefined) {
          return (
            <Button variant="default" onClick={copy} leftSection={<Glyph size={16} aria-hidden />}>
              {copied ? t('copied') : children}
            </Button>
          );
        }
        return (
          <Tooltip label={name}>
            <ActionIcon variant="subtle" color="gray" onClick={copy} aria-label={name}><Glyph size={16} aria-hidden /></ActionIcon>
          </Tooltip>
        );
      }}
    </Copier>
  );
}
