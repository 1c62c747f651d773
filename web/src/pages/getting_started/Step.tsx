// One step: its number or a tick, what to do, and the buttons that do it.
import { Group, Stack, Text, ThemeIcon, Title, VisuallyHidden } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import clsx from 'clsx';
import type { ReactNode } from 'react';

import { useTranslation } from '@/texts/translation';
import styles from './Step.module.css';

interface StepProps {
  number: number;
  state: 'done' | 'current' | 'ahead';
  title: string;
  text: string;
  children?: ReactNode;
}

export function Step({ number, state, title, text, children }: StepProps) {
  const { t } = useTranslation('getting_started');
  const done = state === 'done';
  return (
    <li className={clsx(styles.step, state === 'current' && styles.current)} aria-current={state === 'current' ? 'step' : undefined}>
      <ThemeIcon radius="xl" size={36} color={done ? 'teal.9' : undefined} variant={state === 'ahead' ? 'light' : 'filled'}>
        {done ? <IconCheck size={20} aria-hidden /> : <Text fw={700} inherit aria-hidden>{number}</Text>}
      </ThemeIcon>
      <Stack gap={4} miw={0}>
        <Title order={2}>
          <VisuallyHidden>{t('step', { number })}: </VisuallyHidden>
          {title}
          {done && <VisuallyHidden> ({t('done')})</VisuallyHidden>}
        </Title>
        <Text c="dimmed">{text}</Text>
        <Group gap="sm" mt="xs">{children}</Group>
      </Stack>
    </li>
  );
}
