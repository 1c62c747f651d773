// The bar says how many rows of a list are marked, and offers what can be done with them.
import { Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import styles from './MarkedBar.module.css';

interface MarkedBarProps {
  label: string;
  marked: string;
  clear: string;
  onClear: () => void;
  // Stands beside the count: a way to mark more.
  more?: ReactNode;
  // The buttons.
  children: ReactNode;
}

export function MarkedBar({ label, marked, clear, onClear, more, children }: MarkedBarProps) {
  return (
    <div className={styles.bar} role="region" aria-label={label}>
      <Text size="sm" fw={600} aria-live="polite">{marked}</Text>
      {more}
      <Group gap="xs" ml="auto">
        <Button size="compact-sm" variant="default" onClick={onClear}>{clear}</Button>
        {children}
      </Group>
    </div>
  );
}
