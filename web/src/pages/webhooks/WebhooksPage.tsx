// All webhooks that one may see: health, what the last day was like, and the way to a new one.
import { Anchor, Badge, Button, Group, Stack, Text, Tooltip } from '@mantine/core';
import { IconPlus, IconWebhook } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { Webhook, WebhookSummary } from '@/api/schema';
import { useMay } from '@/app/session';
import { type Column, DataTable } from '@/parts/DataTable';
import { EmptyState } from '@/parts/EmptyState';
import { Loaded } from '@/parts/Loaded';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { ScopeName } from '@/parts/ScopeName';
import { Time } from '@/parts/Time';
import { HealthBadge } from '@/parts/webhooks/HealthBadge';
import { useSummaries, useWebhooks } from '@/queries/webhooks';
import { Activity, formatRate } from './Activity';

export function WebhooksPage() {
  const { t } = useTranslation('webhooks');
  const may = useMay();
  const webhooks = useWebhooks();
  const summaries = useSummaries();
  const create = may.manage && (
    <Button component={Link} to="/webhooks/new" leftSection={<IconPlus size={16} aria-hidden />}>{t('list.new')}</Button>
  );
  return (
    <Page title={t('list.title')} text={t('list.text')} actions={create}>
      <Panel flush>
        <Loaded query={webhooks}>
          {(data) =>
            data.length === 0 ? (
              <EmptyState icon={IconWebhook} title={t('list.empty')} text={t('list.empty_text')}>{create}</EmptyState>
            ) : (
              <WebhookTable webhooks={data} summaries={summaries.data} />
            )
          }
        </Loaded>
      </Panel>
    </Page>
  );
}

function WebhookTable({ webhooks, summaries }: { webhooks: Webhook[]; summaries?: Map<string, WebhookSummary> }) {
  const { t, i18n } = useTranslation('webhooks');
  const { t: tCommon } = useTranslation();
  const columns = useMemo<Column<Webhook>[]>(
    () => [
      {
        id: 'name',
        header: t('name'),
        cell: (webhook) => (
          <Stack gap={2}>
            <Anchor component={Link} to={`/webhooks/${webhook.id}`} fw={600} inherit>{webhook.name}</Anchor>
            <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>{webhook.url}</Text>
          </Stack>
        ),
      },
      { id: 'scope', header: t('scope'), cell: (webhook) => <ScopeName scope={webhook.scope} /> },
      {
        id: 'events',
        header: t('events'),
        cell: ({ events }) => (
          <Tooltip label={<Text size="xs" style={{ whiteSpace: 'pre' }}>{events.join('\n')}</Text>}>
            <Badge color="gray" style={{ cursor: 'default' }} tabIndex={0}>{t('list.events', { count: events.length })}</Badge>
          </Tooltip>
        ),
      },
      {
        id: 'health',
        header: t('health.label'),
        cell: ({ health }) => (
          <Group gap={6}>
            <HealthBadge health={health} />
            {health.pending > 0 && <Text size="sm" c="dimmed">{t('list.pending', { count: health.pending })}</Text>}
          </Group>
        ),
      },
      {
        id: 'activity',
        header: t('list.last_day'),
        cell: ({ id }) => {
          const summary = summaries?.get(id);
          if (!summary) return tCommon('none');
          return (
            <Group gap="sm" wrap="nowrap">
              <Activity summary={summary} />
              {summary.success_rate !== null && <Text size="sm" fw={600}>{formatRate(summary.success_rate, i18n.language)}</Text>}
            </Group>
          );
        },
      },
      {
        id: 'last',
        header: t('list.last_delivery'),
        cell: ({ health }) => (health.last_delivered_at === null ? tCommon('none') : <Time at={health.last_delivered_at} style="ago" />),
      },
    ],
    [t, tCommon, i18n.language, summaries],
  );
  return <DataTable label={t('list.title')} columns={columns} rows={webhooks} rowId={({ id }) => id} rowLink={({ id }) => `/webhooks/${id}`} />;
}
