// Shows what became of a webhook's deliveries, over a day, a week or a month: figures, and charts one can point at.
import { Button, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconChartBar } from '@tabler/icons-react';
import { useState } from 'react';

import type { Webhook, WebhookStatistics } from '@/api/schema';
import { Chart } from '@/parts/chart/Chart';
import { EmptyState } from '@/parts/EmptyState';
import { formatMs, formatRate } from '@/parts/format_number';
import { Loaded } from '@/parts/Loaded';
import { Panel } from '@/parts/Panel';
import { useLocale } from '@/parts/Time';
import { type StatisticsWindow, useStatistics } from '@/queries/webhooks';
import { dateFormat, numberFormat } from '@/texts/formats';
import { useTranslation } from '@/texts/translation';
import { Figure } from './Figure';

const windows: StatisticsWindow[] = ['24h', '7d', '30d'];

export function StatisticsPanel({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation('webhooks');
  const [window, setWindow] = useState<StatisticsWindow>('24h');
  const statistics = useStatistics(webhook.id, window);
  return (
    <Panel
      title={t('statistics.title')}
      actions={
        <Group gap={4} role="group" aria-label={t('statistics.window')}>
          {windows.map((value) => (
            <Button key={value} size="xs" variant={value === window ? 'light' : 'default'} aria-pressed={value === window} onClick={() => setWindow(value)}>
              {t(`statistics.${value as '24h'}`)}
            </Button>
          ))}
        </Group>
      }
    >
      <Loaded query={statistics}>{(data) => <Statistics statistics={data} window={window} />}</Loaded>
    </Panel>
  );
}

function Statistics({ statistics, window }: { statistics: WebhookStatistics; window: StatisticsWindow }) {
  const { t } = useTranslation('webhooks');
  const language = useLocale();
  const { counts, latency, pending } = statistics;
  const number = (value: number) => numberFormat(language).format(value);
  const format = dateFormat(language, window === '24h' ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } : { day: 'numeric', month: 'short' });
  const steps = statistics.series.map(({ at, ...values }) => ({ at, values }));
  const quiet = counts.attempts === 0 && counts.canceled === 0;
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }}>
        <Figure label={t('statistics.delivered')} value={number(counts.delivered)} />
        <Figure label={t('statistics.retrying')} value={number(pending.retrying)} color={pending.retrying > 0 ? 'orange' : undefined} />
        <Figure label={t('statistics.failed')} value={number(counts.failed)} color={counts.failed > 0 ? 'red' : undefined} />
        <Figure label={t('statistics.success_rate')} hint={t('statistics.success_rate_text')} value={statistics.success_rate === null ? '—' : formatRate(statistics.success_rate, language)} />
        <Figure label={t('statistics.p50')} hint={t('statistics.latency_text')} value={formatMs(latency.p50_ms, language)} />
        <Figure label={t('statistics.p99')} hint={t('statistics.latency_text')} value={formatMs(latency.p99_ms, language)} />
      </SimpleGrid>
      {quiet ? (
        <EmptyState icon={IconChartBar} title={t('statistics.quiet')} text={t('statistics.quiet_text')} />
      ) : (
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Stack gap="xs">
            <Title order={3}>{t('statistics.deliveries')}</Title>
            <Chart
              kind="bars"
              label={t('statistics.deliveries')}
              series={[
                { name: 'delivered', label: t('statistics.delivered'), color: 'good' },
                { name: 'failed_attempts', label: t('statistics.failed_attempts'), color: 'bad' },
              ]}
              steps={steps}
              formatStep={(at) => format.format(at)}
              formatValue={number}
            />
          </Stack>
          <Stack gap="xs">
            <Title order={3}>{t('statistics.latency')}</Title>
            <Chart
              kind="lines"
              label={t('statistics.latency')}
              series={[
                { name: 'p50_ms', label: 'p50', color: 'first' },
                { name: 'p95_ms', label: 'p95', color: 'second' },
                { name: 'p99_ms', label: 'p99', color: 'third' },
              ]}
              steps={steps}
              formatStep={(at) => format.format(at)}
              formatValue={(value) => formatMs(value, language)}
            />
          </Stack>
        </SimpleGrid>
      )}
      <Text size="xs" c="dimmed">{t('statistics.note')}</Text>
    </Stack>
  );
}
