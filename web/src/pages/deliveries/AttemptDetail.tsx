// One attempt: where its time went, what was sent, what came back, why it failed and what to do about that.
import { Alert, SimpleGrid, Stack, Text, Title } from '@mantine/core';

import type { Attempt } from '@/api/schema';
import { Code } from '@/parts/Code';
import { useAttemptText } from '@/parts/deliveries/attempt_text';
import { JsonTree } from '@/parts/json/JsonTree';
import { useTranslation } from '@/texts/translation';
import { TimingBar } from './TimingBar';

// Lines as HTTP writes them. A header that stands several times is a list.
function headerLines(headers: Record<string, unknown>): string {
  return Object.entries(headers)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((each) => `${name}: ${String(each)}`))
    .join('\n');
}

export function AttemptDetail({ attempt }: { attempt: Attempt }) {
  const { t } = useTranslation('deliveries');
  return (
    <Stack>
      {attempt.error && <Why attempt={{ ...attempt, error: attempt.error }} />}
      <TimingBar attempt={attempt} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Stack gap="xs" miw={0}>
          <Title order={3}>{t('attempt.request')}</Title>
          <Code label={t('attempt.request')} wrap language="http">{`POST ${attempt.url}\n${headerLines(attempt.request_headers)}`}</Code>
        </Stack>
        <Stack gap="xs" miw={0}>
          <Title order={3}>{t('attempt.response')}</Title>
          {attempt.status_code === null ? (
            <Text c="dimmed">{t('attempt.no_response')}</Text>
          ) : (
            <>
              <Code label={t('attempt.response')} wrap language="http">{`${attempt.status_code}\n${headerLines(attempt.response_headers ?? {})}`}</Code>
              {attempt.response_body ? (
                <JsonTree label={t('attempt.body')} text={attempt.response_body} />
              ) : (
                <Text size="sm" c="dimmed">{t('attempt.no_body')}</Text>
              )}
              {attempt.response_truncated && <Text size="sm" c="dimmed">{t('attempt.truncated')}</Text>}
            </>
          )}
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}

// The cause, the hint that fits it, and what the server says of it technically.
function Why({ attempt }: { attempt: Attempt & { error: NonNullable<Attempt['error']> } }) {
  const { cause, hint, technical } = useAttemptText()(attempt);
  return (
    <Alert color="red" title={cause}>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{hint}</Text>
      {technical && <Text size="xs" c="dimmed" mt={4} lang="en">{technical}</Text>}
    </Alert>
  );
}
