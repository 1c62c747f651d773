// A named fact among others: its name above, its value below.
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <Text size="sm" c="dimmed">{label}</Text>
      <Text component="div" style={{ overflowWrap: 'anywhere' }}>{children}</Text>
    </div>
  );
}
