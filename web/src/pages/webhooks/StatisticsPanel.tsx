// What became of a webhook's deliveries, over a day, a week or a month: figures, and charts one can point at.
import '@mantine/charts/styles.css';

import { BarChart, LineChart } from '@mantine/charts';
import { SegmentedControl, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconChartBar } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Webhook, WebhookStatistics } from '@/api/schema';
import { EmptyState } from '@/parts/EmptyState';
import { Loaded } from '@/parts/Loaded';
import { Panel } from '@/parts/Panel';
import { type StatisticsWindow, useStatistics } from '@/queries/webhooks';
import { formatRate } from './Activity';
import { Figure } from './Figure';

const windows: StatisticsWindow[] = ['24h', '7d', '30d'];
const chartHeight = 200;

export function StatisticsPanel({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation('webhooks');
  const [window, setWindow] = useState<StatisticsWindow>('24h');
  const statistics = useStatistics(webhook.id, window);
  return (
    <Panel
      title={t('statistics.title')}
      actions={
        <SegmentedControl
          aria-label={t('statistics.window')}
          value={window}
          onChange={(value) => setWindow(value)}
          data={windows.map((value) => ({ value, label: t(`statistics.${value}`) }))}
        />
      }
    >
      <Loaded query={statistics}>{(data) => <Statistics statistics={data} />}</Loaded>
    </Panel>
  );
}

// The time of a step: the hour within a day, else the day with the hour.
function formatStep(at: number, stepMs: number, language: string): string {
  const hourly = stepMs < 6 * 3_600_000;
  const daily = stepMs >= 24 * 3_600_000;
  return new Intl.DateTimeFormat(language, {
    ...(hourly ? {} : { day: 'numeric', month: 'short' }),
    ...(daily ? {} : { hour: '2-digit', minute: '2-digit' }),
  }).format(at);
}

function formatMs(ms: number | null, language: string): string {
  if (ms === null) return '—';
  const digits = ms < 10 ? 1 : 0;
  return ms < 1_000
    ? `${new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(ms)} ms`
    : `${new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(ms / 1_000)} s`;
}

function Statistics({ statistics }: { statistics: WebhookStatistics }) {
  const { t, i18n } = useTranslation('webhooks');
  const language = i18n.language;
  const { counts, latency, pending } = statistics;
  const number = (value: number) => new Intl.NumberFormat(language).format(value);
  const steps = statistics.series.map((step) => ({ ...step, label: formatStep(step.at, statistics.step_ms, language) }));
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
            <BarChart
              h={chartHeight}
              type="stacked"
              data={steps}
              dataKey="label"
              series={[
                { name: 'delivered', label: t('statistics.delivered'), color: 'teal.6' },
                { name: 'failed_attempts', label: t('statistics.failed_attempts'), color: 'orange.6' },
              ]}
              valueFormatter={number}
              withLegend
              tickLine="none"
              xAxisProps={{ minTickGap: 24 }}
              yAxisProps={{ allowDecimals: false, width: 44 }}
            />
          </Stack>
          <Stack gap="xs">
            <Title order={3}>{t('statistics.latency')}</Title>
            <LineChart
              h={chartHeight}
              data={steps}
              dataKey="label"
              series={[
                { name: 'p50_ms', label: 'p50', color: 'teal.6' },
                { name: 'p95_ms', label: 'p95', color: 'indigo.5' },
                { name: 'p99_ms', label: 'p99', color: 'orange.6' },
              ]}
              valueFormatter={(value) => formatMs(value, language)}
              connectNulls={false}
              withLegend
              curveType="monotone"
              tickLine="none"
              xAxisProps={{ minTickGap: 24 }}
              yAxisProps={{ width: 64 }}
            />
          </Stack>
        </SimpleGrid>
      )}
      <Text size="xs" c="dimmed">{t('statistics.note')}</Text>
    </Stack>
  );
}
