// Where the time of an attempt went: name, connection, TLS, waiting for the answer, reading it.
import { Group, Progress, Stack, Text } from '@mantine/core';

import type { Attempt } from '@/api/schema';
import { numberFormat } from '@/texts/formats';
import { useTranslation } from '@/texts/translation';

const colors = { dns: 'grape.6', connect: 'blue.6', tls: 'cyan.7', answer: 'teal.6', rest: 'gray.6' } as const;
type Part = keyof typeof colors;

// Each part's own time. `first_byte_ms` counts from when the request was sent.
export function partsOf({ duration_ms: total, timings }: Pick<Attempt, 'duration_ms' | 'timings'>): { part: Part; ms: number }[] {
  const before = (timings.dns_ms ?? 0) + (timings.connect_ms ?? 0) + (timings.tls_ms ?? 0);
  const parts: { part: Part; ms: number | null }[] = [
    { part: 'dns', ms: timings.dns_ms },
    { part: 'connect', ms: timings.connect_ms },
    { part: 'tls', ms: timings.tls_ms },
    { part: 'answer', ms: timings.first_byte_ms ?? Math.max(0, total - before) },
    { part: 'rest', ms: timings.first_byte_ms === null ? null : Math.max(0, total - before - timings.first_byte_ms) },
  ];
  return parts.filter((each): each is { part: Part; ms: number } => each.ms !== null && each.ms > 0);
}

export function TimingBar({ attempt }: { attempt: Attempt }) {
  const { t, i18n } = useTranslation('deliveries');
  const format = (ms: number) => `${numberFormat(i18n.language, { maximumFractionDigits: 1 }).format(ms)} ms`;
  const parts = partsOf(attempt);
  const total = parts.reduce((sum, { ms }) => sum + ms, 0) || 1;
  return (
    <Stack gap={6}>
      <Progress.Root size="lg" role="img" aria-label={parts.map(({ part, ms }) => `${t(`timing.${part}`)} ${format(ms)}`).join(', ')}>
        {parts.map(({ part, ms }) => <Progress.Section key={part} value={(100 * ms) / total} color={colors[part]} aria-hidden withAria={false} />)}
      </Progress.Root>
      <Group gap="md">
        {parts.map(({ part, ms }) => (
          <Group key={part} gap={6}>
            <span aria-hidden style={{ width: 10, height: 10, borderRadius: 2, background: `var(--mantine-color-${colors[part].replace('.', '-')})` }} />
            <Text size="sm">{t(`timing.${part}`)} <Text span inherit c="dimmed">{format(ms)}</Text></Text>
          </Group>
        ))}
      </Group>
    </Stack>
  );
}
