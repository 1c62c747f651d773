// The webhooks of the place, trouble first: how each does, what the last day was like, and the way to a new one.
import { Button, Group, Text } from '@mantine/core';
import { IconPlus, IconWebhook } from '@tabler/icons-react';
import clsx from 'clsx';
import { useDeferredValue, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';

import type { Webhook, WebhookCondition, WebhookSummary } from '@/api/schema';
import { Link } from '@/context/links';
import { scopeOf, usePlaces } from '@/context/place';
import { useMay } from '@/context/session';
import cells from '@/parts/cells.module.css';
import { Spark } from '@/parts/chart/Spark';
import { CursorPager, useCursor } from '@/parts/CursorPager';
import { type Column, DataTable } from '@/parts/DataTable';
import { EmptyState } from '@/parts/EmptyState';
import { FilterSelect } from '@/parts/FilterSelect';
import { formatRate } from '@/parts/format_number';
import { Loaded } from '@/parts/Loaded';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { RowCheckbox } from '@/parts/RowCheckbox';
import { ScopeName } from '@/parts/ScopeName';
import { useSetParameter } from '@/parts/search_parameter';
import { searchedMin, SearchField, useTypedSearch } from '@/parts/SearchField';
import { Time, useLocale } from '@/parts/Time';
import { HealthBadge, useHealthText } from '@/parts/webhooks/HealthBadge';
import { useSummaries, useWebhookCounts, useWebhookPage, type WebhookSort } from '@/queries/webhooks';
import { numberFormat } from '@/texts/formats';
import { useTranslation } from '@/texts/translation';
import { BulkBar } from './BulkBar';

const conditions: WebhookCondition[] = ['failing', 'degraded', 'slow', 'disabled', 'unused', 'healthy'];
const sorts: WebhookSort[] = ['trouble', '-trouble', 'name', '-name', 'created_at', '-created_at', 'pending', '-pending'];

export function WebhooksPage() {
  const { t } = useTranslation('webhooks');
  const { t: tHealth } = useTranslation('health');
  const may = useMay();
  const { place } = usePlaces();
  const scope = scopeOf(place);
  const [search, setSearch] = useSearchParams();
  const q = search.get('q') ?? '';
  const condition = conditions.find((each) => each === search.get('condition'));
  const sort = sorts.find((each) => each === search.get('sort')) ?? 'trouble';
  const paging = useCursor(`${JSON.stringify(scope)} ${sort} ${condition ?? ''} ${q}`);
  const webhooks = useWebhookPage({ place: scope, q, condition, sort, cursor: paging.cursor });
  const counts = useWebhookCounts(scope).data;
  const summaries = useSummaries((webhooks.data?.data ?? []).map(({ id }) => id));
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const set = useSetParameter();
  const typed = useTypedSearch(q, (words) => set('q', words.trim()));
  const all = counts === undefined ? 0 : Object.values(counts.conditions).reduce((sum, count) => sum + count, 0);
  const filtered = q !== '' || condition !== undefined;
  const create = may.manage && (
    <Button component={Link} to="/webhooks/new" leftSection={<IconPlus size={16} aria-hidden />}>{t('list.new')}</Button>
  );
  return (
    <Page title={t('list.title')} text={t('list.text')} actions={create}>
      <Panel flush>
        {(all >= searchedMin || filtered) && (
          <Group px="lg" py="md" gap="sm">
            <SearchField search={typed} label={t('list.search')} />
            <FilterSelect
              label={tHealth('label')}
              all={t('list.any_health')}
              data={conditions.map((value) => ({ value, label: `${tHealth(value)}${counts ? ` (${counts.conditions[value]})` : ''}` }))}
              value={condition ?? null}
              onChange={(value) => set('condition', value)}
              w={200}
            />
            {webhooks.data?.total !== undefined && <Text size="sm" c="dimmed" role="status">{t('list.total', { count: webhooks.data.total })}</Text>}
          </Group>
        )}
        <Loaded query={webhooks}>
          {({ data, next_cursor: next }) =>
            data.length > 0 ? (
              <>
                <WebhookTable
                  webhooks={data}
                  summaries={summaries.data}
                  sort={sort}
                  onSort={(value) => set('sort', value === 'trouble' ? null : value)}
                  marked={may.manage ? marked : null}
                  onMark={setMarked}
                />
                {data.some(({ id }) => marked.has(id)) && <BulkBar marked={data.filter(({ id }) => marked.has(id))} onClear={() => setMarked(new Set())} />}
                <CursorPager state={paging} nextCursor={next} />
              </>
            ) : filtered ? (
              <EmptyState icon={IconWebhook} title={t('list.none')} text={t('list.none_text')}>
                <Button variant="default" onClick={() => { typed.clear(); setSearch({}, { replace: true }); }}>{t('list.show_all')}</Button>
              </EmptyState>
            ) : (
              <EmptyState icon={IconWebhook} title={t('list.empty')} text={t('list.empty_text')}>{create}</EmptyState>
            )
          }
        </Loaded>
      </Panel>
    </Page>
  );
}

interface WebhookTableProps {
  webhooks: Webhook[];
  summaries?: Map<string, WebhookSummary>;
  sort: WebhookSort;
  onSort: (sort: string) => void;
  // Null: the viewer may change none.
  marked: ReadonlySet<string> | null;
  onMark: (marked: ReadonlySet<string>) => void;
}

function WebhookTable({ webhooks, summaries, sort, onSort, marked, onMark }: WebhookTableProps) {
  const { t } = useTranslation('webhooks');
  const { t: tHealth } = useTranslation('health');
  const { t: tCommon } = useTranslation();
  const locale = useLocale();
  const healthText = useHealthText();
  // All rows are rendered anew with them, in pieces.
  const shown = useDeferredValue(summaries);
  const columns = useMemo<Column<Webhook>[]>(
    () => [
      ...(marked === null ? [] : [markColumn(marked, onMark, (name) => t('bulk.mark', { name }))]),
      {
        id: 'name',
        header: t('name'),
        phone: 'title',
        sort: 'name',
        cell: (webhook) => (
          <div className={cells.lines}>
            <Link to={`/webhooks/${webhook.id}`} className={cells.link}>{webhook.name}</Link>
            <div className={clsx(cells.faint, cells.cut)} title={webhook.url}>{webhook.url}</div>
          </div>
        ),
      },
      { id: 'scope', header: t('scope'), phone: 'line', cell: (webhook) => <ScopeName scope={webhook.scope} /> },
      {
        id: 'health',
        header: tHealth('label'),
        phone: 'line',
        sort: 'trouble',
        cell: ({ health }) => {
          const explained = health.code !== null && health.code !== 'disabled';
          return (
            <div>
              <HealthBadge health={health} explained={explained} />
              {explained && <div className={cells.faint}>{healthText(health)}</div>}
            </div>
          );
        },
      },
      {
        id: 'pending',
        header: t('list.waiting'),
        sort: 'pending',
        align: 'end',
        cell: ({ health }) => (health.pending === 0 ? tCommon('none') : numberFormat(locale).format(health.pending)),
      },
      {
        id: 'activity',
        header: t('list.last_day'),
        phone: 'hidden',
        cell: ({ id }) => {
          const summary = shown?.get(id);
          if (!summary) return tCommon('none');
          if (summary.delivered + summary.failed_attempts === 0) return <span className={cells.faint}>{t('list.quiet')}</span>;
          return (
            <div className={cells.chart}>
              <Spark steps={summary.series} label={t('list.activity', { delivered: summary.delivered, failed: summary.failed_attempts })} />
              {summary.success_rate !== null && <span className={cells.numbers}>{formatRate(summary.success_rate, locale)}</span>}
            </div>
          );
        },
      },
      {
        id: 'last',
        header: t('list.last_delivery'),
        cell: ({ health }) => (health.last_delivered_at === null ? tCommon('none') : <Time at={health.last_delivered_at} style="ago" />),
      },
    ],
    [t, tCommon, tHealth, locale, shown, healthText, marked, onMark],
  );
  return <DataTable label={t('list.title')} columns={columns} rows={webhooks} rowId={({ id }) => id} rowLink={({ id }) => `/webhooks/${id}`} sort={sort} onSort={onSort} />;
}

function markColumn(marked: ReadonlySet<string>, onMark: (marked: ReadonlySet<string>) => void, label: (name: string) => string): Column<Webhook> {
  const toggle = (id: string) => {
    const next = new Set(marked);
    if (!next.delete(id)) next.add(id);
    onMark(next);
  };
  return {
    id: 'mark',
    header: null,
    width: 44,
    phone: 'hidden',
    cell: ({ id, name }) => <RowCheckbox label={label(name)} checked={marked.has(id)} onChange={() => toggle(id)} />,
  };
}
