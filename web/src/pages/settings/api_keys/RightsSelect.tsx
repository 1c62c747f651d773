// Asks for a key's rights as one choice: each level includes the one before, and `manage` is all.
import { Radio, Stack } from '@mantine/core';
import type { ReactNode } from 'react';

import type { Right } from '@/api/schema';
import { useTranslation } from '@/texts/translation';

export type Level = Right;
const levels: Level[] = ['read', 'write', 'manage'];

export function levelOf(rights: readonly Right[]): Level {
  return levels.findLast((level) => rights.includes(level)) ?? 'read';
}

export function rightsOf(level: Level): Right[] {
  return level === 'manage' ? ['manage'] : levels.slice(0, levels.indexOf(level) + 1);
}

interface RightsSelectProps {
  value?: Level;
  onChange?: (level: Level) => void;
  error?: ReactNode;
}

export function RightsSelect({ value, onChange, error }: RightsSelectProps) {
  const { t } = useTranslation('settings');
  return (
    <Radio.Group label={t('keys.rights')} value={value ?? null} onChange={(level) => onChange?.(level)} error={error}>
      <Stack gap="xs" mt="xs">
        {levels.map((level) => <Radio key={level} value={level} label={t(`keys.right.${level}`)} description={t(`keys.right_text.${level}`)} />)}
      </Stack>
    </Radio.Group>
  );
}
