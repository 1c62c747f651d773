// A card with a heading: the pages are made of these.
import { Box, Group, Paper, type PaperProps, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface PanelProps extends PaperProps {
  title?: ReactNode;
  text?: ReactNode;
  actions?: ReactNode;
  // Contents that reach the card's edges, such as a table.
  flush?: boolean;
  id?: string;
  children: ReactNode;
}

export function Panel({ title, text, actions, flush = false, children, ...paper }: PanelProps) {
  const headed = title !== undefined || actions !== undefined;
  return (
    <Paper component="section" withBorder bg="var(--card-ground)" style={{ overflow: 'clip' }} {...paper}>
      {headed && (
        <Group justify="space-between" align="flex-start" px="lg" pt="md" pb={flush ? 'md' : 0} gap="sm">
          <Box flex="1 1 14rem">
            {title !== undefined && <Title order={2}>{title}</Title>}
            {text && <Text size="sm" c="dimmed" mt={2}>{text}</Text>}
          </Box>
          {actions && <Group gap="sm">{actions}</Group>}
        </Group>
      )}
      <Box p={flush ? 0 : 'lg'} pt={headed && !flush ? 'md' : undefined}>{children}</Box>
    </Paper>
  );
}
