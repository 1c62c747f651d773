// The card that the pages without a session stand in, with the choice of language below.
import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

import { type Language, languages } from '@/boot/first_language';
import { Brand } from '@/parts/Brand';
import { FullPage } from '@/parts/FullPage';
import { useTitle } from '@/parts/Page';
import { chooseLanguage } from '@/texts/i18n';
import { useTranslation } from '@/texts/translation';

export function AccessCard({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  const { i18n } = useTranslation();
  useTitle(title);
  return (
    <FullPage>
      <Stack gap="lg">
        <Group justify="center" gap="xs" fw={700} fz="lg"><Brand named="always" /></Group>
        <Paper withBorder p="xl" bg="var(--card-ground)">
          <Title order={1}>{title}</Title>
          {text && <Text c="dimmed" mt={4}>{text}</Text>}
          {children}
        </Paper>
        <Group justify="center" gap="md">
          {Object.entries(languages).map(([language, name]) => (
            <Anchor
              key={language}
              component="button"
              type="button"
              size="sm"
              lang={language}
              c="dimmed"
              aria-pressed={i18n.language === language}
              fw={i18n.language === language ? 700 : 400}
              onClick={() => chooseLanguage(language as Language)}
            >
              {name}
            </Anchor>
          ))}
        </Group>
      </Stack>
    </FullPage>
  );
}
