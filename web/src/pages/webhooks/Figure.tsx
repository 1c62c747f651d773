// One figure with its name above it.
import { Stack, Text } from '@mantine/core';

import { Hint } from '@/parts/Hint';

interface FigureProps {
  label: string;
  value: string;
  hint?: string;
  color?: string;
}

export function Figure({ label, value, hint, color }: FigureProps) {
  const figure = (
    <Stack gap={0} tabIndex={hint ? 0 : undefined}>
      <Text size="sm" c="dimmed">{label}</Text>
      <Text fz={22} fw={650} c={color && `var(--mantine-color-${color}-text)`} style={{ fontVariantNumeric: 'tabular-nums' }}>{value}</Text>
    </Stack>
  );
  return hint ? <Hint label={hint}>{figure}</Hint> : figure;
}
