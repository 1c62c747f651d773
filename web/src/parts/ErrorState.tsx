// Where something could not be shown: what went wrong, in plain words, and a way to try again.
import { Button, Center, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconAlertTriangle, IconPlugConnectedX, IconRefresh } from '@tabler/icons-react';

import { ApiProblem, Unreachable } from '@/api/problem';
import { useTranslation } from '@/texts/translation';
import { useProblemText } from './refusal_text';

// An error as a heading and a sentence.
export function useErrorText() {
  const { t } = useTranslation();
  const problemText = useProblemText();
  return (error: unknown): { title: string; text: string } => {
    if (error instanceof Unreachable) return { title: t('error.unreachable'), text: t('error.unreachable_text') };
    if (error instanceof ApiProblem) {
      if (error.status === 403) return { title: t('error.forbidden'), text: t('error.forbidden_text') };
      if (error.status === 404) return { title: t('error.not_found'), text: t('error.not_found_text') };
      if (error.kind === 'too-many-requests') return { title: t('error.slow_down'), text: t('error.slow_down_text', { count: error.retryAfterSeconds ?? 1 }) };
      return { title: t('error.refused'), text: problemText(error) };
    }
    return { title: t('error.broken'), text: error instanceof Error ? error.message : String(error) };
  };
}

export function ErrorState({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const { title, text } = useErrorText()(error);
  const Glyph = error instanceof Unreachable ? IconPlugConnectedX : IconAlertTriangle;
  return (
    <Center py={48} px="md" role="alert">
      <Stack align="center" gap="xs" maw={440}>
        <ThemeIcon variant="light" color="red" size={52} radius="xl" mb={4}><Glyph size={26} stroke={1.6} aria-hidden /></ThemeIcon>
        <Title order={2} ta="center">{title}</Title>
        <Text c="dimmed" ta="center" style={{ overflowWrap: 'anywhere' }}>{text}</Text>
        {retry && <Button mt="sm" variant="default" leftSection={<IconRefresh size={16} aria-hidden />} onClick={retry}>{t('error.retry')}</Button>}
      </Stack>
    </Center>
  );
}
