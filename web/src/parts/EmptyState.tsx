// Where there is nothing yet: what would be here, and how to begin (buttons as children).
import { Center, Group, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  icon: Icon;
  title: string;
  text?: ReactNode;
  children?: ReactNode;
}

export function EmptyState({ icon: Glyph, title, text, children }: EmptyStateProps) {
  return (
    <Center py={48} px="md">
      <Stack align="center" gap="xs" maw={440}>
        <ThemeIcon variant="light" size={52} radius="xl" mb={4}><Glyph size={26} stroke={1.6} aria-hidden /></ThemeIcon>
        <Title order={2} ta="center">{title}</Title>
        {text && <Text c="dimmed" ta="center">{text}</Text>}
        {children && <Group mt="sm" justify="center">{children}</Group>}
      </Stack>
    </Center>
  );
}
