// A webhook's last 24 hours at a glance: what was delivered above what failed, an hour a bar. The words beside it say
// the same to those who do not see it.
import '@mantine/charts/styles.css';

import { BarChart } from '@mantine/charts';
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { WebhookSummary } from '@/api/schema';

export function Activity({ summary }: { summary: WebhookSummary }) {
  const { t } = useTranslation('webhooks');
  const tries = summary.delivered + summary.failed_attempts;
  if (tries === 0) return <Text size="sm" c="dimmed">{t('list.quiet')}</Text>;
  return (
    <div role="img" aria-label={t('list.activity', { delivered: summary.delivered, failed: summary.failed_attempts })}>
      <BarChart
        h={34}
        w={132}
        type="stacked"
        data={summary.series}
        dataKey="at"
        series={[
          { name: 'delivered', color: 'teal.6' },
          { name: 'failed_attempts', color: 'red.6' },
        ]}
        withXAxis={false}
        withYAxis={false}
        withTooltip={false}
        gridAxis="none"
        barChartProps={{ margin: { top: 2, right: 0, bottom: 2, left: 0 }, barCategoryGap: 1, accessibilityLayer: false }}
      />
    </div>
  );
}

// "99.2 %", in the language's way; it never rounds up to all.
export function formatRate(rate: number, language: string): string {
  const shown = rate < 1 ? Math.min(rate, 0.999) : 1;
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(shown);
}
