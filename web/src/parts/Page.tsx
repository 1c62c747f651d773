// A page inside the shell: its heading, what can be done on it, its contents. Names the browser's tab.
import { Anchor, Box, Group, Stack, Text, Title } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { type ReactNode, useEffect } from 'react';
import { Link } from '@/context/links';

interface PageProps {
  title: string;
  // Beside the title: a badge that says the state of what is shown.
  badge?: ReactNode;
  text?: ReactNode;
  // Buttons at the right.
  actions?: ReactNode;
  back?: { to: string; label: string };
  // For forms: a line of text is not to run over the whole width.
  narrow?: boolean;
  // For logs: the whole width, and little around the heading.
  dense?: boolean;
  children: ReactNode;
}

export function useTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · Shakehook`;
  }, [title]);
}

export function Page({ title, badge, text, actions, back, narrow = false, dense = false, children }: PageProps) {
  useTitle(title);
  return (
    <Box maw={narrow ? 760 : dense ? 1760 : 1240} mx="auto">
      {back && (
        <Anchor component={Link} to={back.to} size="sm" mb="xs" display="inline-flex">
          <Group gap={6} component="span"><IconArrowLeft size={16} aria-hidden />{back.label}</Group>
        </Anchor>
      )}
      <Group justify="space-between" align="flex-start" mb={dense ? 'xs' : 'lg'} gap={dense ? 'xs' : 'md'}>
        <Stack gap={4} flex="1 1 18rem" miw={0}>
          <Group gap="sm">
            <Title order={1} tabIndex={-1} style={{ overflowWrap: 'anywhere', outline: 'none' }}>{title}</Title>
            {badge}
          </Group>
          {text && <Text c="dimmed" maw={720}>{text}</Text>}
        </Stack>
        {actions && <Group gap="sm">{actions}</Group>}
      </Group>
      <Stack gap={dense ? 'xs' : 'lg'}>{children}</Stack>
    </Box>
  );
}
