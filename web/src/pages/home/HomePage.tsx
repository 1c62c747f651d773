// The board of health: how the webhooks of the place do in one sentence, a card for each trouble, and for who has many
// venues a map of all. Where there is no webhook yet, the first steps.
import { Anchor, Button, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { memo, useDeferredValue, useMemo } from 'react';
import { Navigate, useLocation } from 'react-router';

import type { Webhook, WebhookCounts, WebhookSummary } from '@/api/schema';
import { Link } from '@/context/links';
import { type Place, scopeOf, usePlaces } from '@/context/place';
import { linkFrom, prefixOf } from '@/context/place_path';
import { Spark } from '@/parts/chart/Spark';
import { formatTime } from '@/parts/format_time';
import { Loaded } from '@/parts/Loaded';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { ScopeName } from '@/parts/ScopeName';
import { Time, useLocale } from '@/parts/Time';
import { HealthBadge, useHealthText } from '@/parts/webhooks/HealthBadge';
import { useSummaries, useWebhookCounts, useWebhookPage } from '@/queries/webhooks';
import { numberFormat } from '@/texts/formats';
import { Trans, useTranslation } from '@/texts/translation';
import styles from './HomePage.module.css';
import { StartStrip } from './StartStrip';

const cardsMax = 6;
const conditionsWorstFirst = ['failing', 'degraded', 'slow', 'disabled', 'healthy', 'unused'] as const;
type Condition = (typeof conditionsWorstFirst)[number];
const troubles: ReadonlySet<string> = new Set(['failing', 'degraded', 'slow']);

interface Square {
  key: string;
  name: string;
  to: string;
  condition: Condition | 'none';
}

const sumOf = (counts: WebhookCounts['conditions']) => Object.values(counts).reduce((sum, count) => sum + count, 0);
const troubleOf = (counts: WebhookCounts['conditions']) => counts.failing + counts.degraded + counts.slow;

export function HomePage() {
  const { t } = useTranslation('home');
  const { pathname } = useLocation();
  const { place } = usePlaces();
  const counts = useWebhookCounts(scopeOf(place));
  const start = <Navigate to={linkFrom(pathname, '/getting-started')} replace />;
  if (place === null || (counts.data && sumOf(counts.data.conditions) === 0)) return start;
  return (
    <Page title={t('title')}>
      <Loaded query={counts}>{(data) => <Board place={place} counts={data} />}</Loaded>
    </Page>
  );
}

function Board({ place, counts }: { place: Place; counts: WebhookCounts }) {
  const { t } = useTranslation('home');
  const locale = useLocale();
  const webhooks = useWebhookPage({ place: place.scope, sort: 'trouble' });
  const shown = (webhooks.data?.data ?? []).filter(({ health }) => ['failing', 'degraded', 'slow'].includes(health.condition) || health.code === 'gone' || health.code === 'failed_too_long').slice(0, cardsMax);
  const summaries = useSummaries(shown.map(({ id }) => id)).data;
  const { conditions, pending } = counts;
  const all = sumOf(conditions);
  const trouble = troubleOf(conditions);
  const working = all - trouble - conditions.disabled;
  // One alone is called by its name.
  const only = trouble === 1 ? shown.find(({ health }) => troubles.has(health.condition)) : undefined;
  const onlyOne = ({ name, health: { condition, failing_since: since } }: Webhook) => {
    if (condition !== 'failing' || since === null) return t('only.unwell', { name });
    const today = new Date(since).toDateString() === new Date().toDateString();
    return t('only.failing', { name, time: formatTime(since, today ? 'minute' : 'hour', locale) });
  };
  return (
    <Stack gap="lg">
      <StartStrip />
      <div className={styles.sentence} data-well={trouble === 0 || undefined} role="status">
        {trouble === 0 && <IconCircleCheck size={28} aria-hidden />}
        <div>
          <Text className={styles.lead}>{t('sentence', { count: working, all })}</Text>
          <Text c="dimmed">
            {[
              trouble === 0 ? t('well') : only === undefined ? t('trouble', { count: trouble }) : onlyOne(only),
              conditions.disabled > 0 ? t('disabled', { count: conditions.disabled }) : null,
              pending > 0 ? t('waiting', { count: pending, number: numberFormat(locale).format(pending) }) : null,
            ].filter(Boolean).join(' ')}
          </Text>
        </div>
      </div>
      {shown.length > 0 && (
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
          {shown.map((webhook) => <TroubleCard key={webhook.id} webhook={webhook} summary={summaries?.get(webhook.id)} />)}
        </SimpleGrid>
      )}
      {trouble > shown.length && <Text><Anchor component={Link} to="/webhooks">{t('more', { count: trouble - shown.length })}</Anchor></Text>}
      {place.kind !== 'venue' && <HealthMap counts={counts} place={place} />}
    </Stack>
  );
}

function TroubleCard({ webhook, summary }: { webhook: Webhook; summary?: WebhookSummary }) {
  const { t } = useTranslation('home');
  const healthText = useHealthText();
  const { health } = webhook;
  return (
    <section className={styles.card} data-condition={health.condition} aria-label={webhook.name}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Title order={2} size="h3" className={styles.name}>{webhook.name}</Title>
        <HealthBadge health={health} />
      </Group>
      <Text size="sm" c="dimmed"><ScopeName scope={webhook.scope} /></Text>
      <Text size="sm">
        {healthText(health)} {health.failing_since !== null && <Trans t={t} i18nKey="since" components={{ ago: <Time at={health.failing_since} style="ago" /> }} />}
      </Text>
      <Group justify="space-between" align="flex-end" mt="auto">
        {summary ? <Spark steps={summary.series} label={t('last_day', { delivered: summary.delivered, failed: summary.failed_attempts })} /> : <span />}
        <Button component={Link} to={`/webhooks/${webhook.id}`} size="xs" variant="default">{health.pending > 0 ? t('look_waiting', { count: health.pending }) : t('look')}</Button>
      </Group>
    </section>
  );
}

// Groups by venues: a square for each place that has webhooks, in the colour of its worst; groups in trouble on top, with how
// many of their venues are.
function HealthMap({ counts, place }: { counts: WebhookCounts; place: Place }) {
  const { t } = useTranslation('home');
  const { t: tHealth } = useTranslation('health');
  const { groups } = usePlaces();
  const rows = useMemo(() => rowsOf(counts, place, groups, t), [counts, place, groups, t]);
  // Hundreds of squares hold the page up; they come a moment later, in pieces.
  const shown = useDeferredValue(rows, noRows);
  const legend = [...conditionsWorstFirst.filter((each) => counts.conditions[each] > 0), ...(rows.some(({ squares }) => squares.some(({ condition }) => condition === 'none')) ? ['none' as const] : [])];
  const word = (condition: Condition | 'none') => (condition === 'none' ? t('no_webhook') : tHealth(condition));
  return (
    <Panel
      title={t('map')}
      text={t('map_text')}
      actions={
        <Group gap="sm" aria-hidden>
          {legend.map((condition) => <span key={condition} className={styles.legend}><span className={styles.swatch} data-condition={condition} />{word(condition)}</span>)}
        </Group>
      }
    >
      <Cells rows={shown} />
    </Panel>
  );
}

interface Row {
  id: string;
  name: string;
  squares: Square[];
  troubled: number;
}
const noRows: Row[] = [];

function rowsOf(counts: WebhookCounts, place: Place, groups: { id: string; name: string }[], t: (key: 'of_group' | 'alone', values: { name: string }) => string): Row[] {
  const of = new Map(counts.scopes.map((each) => ['venue_id' in each.scope ? `v:${each.scope.venue_id}` : `g:${each.scope.venues_group_id}`, each.conditions]));
  const worst = (key: string): Condition | 'none' => conditionsWorstFirst.find((each) => (of.get(key)?.[each] ?? 0) > 0) ?? 'none';
  const square = (key: string, name: string, to: string): Square => ({ key, name, to, condition: worst(key) });
  const venueSquare = ({ id, name }: { id: string; name: string }) => square(`v:${id}`, name, `${prefixOf({ kind: 'venue', id })}/webhooks`);
  return [
    ...groups.filter(({ id }) => place.kind === 'all' || place.id === id).map((group) => ({
      id: group.id,
      name: group.name,
      squares: [
        ...(of.has(`g:${group.id}`) ? [square(`g:${group.id}`, t('of_group', { name: group.name }), `${prefixOf({ kind: 'group', id: group.id })}/webhooks`)] : []),
        ...place.venues.filter(({ venues_group_id: id }) => id === group.id).map(venueSquare),
      ],
    })),
    { id: '', name: t('alone', { name: '' }), squares: place.venues.filter(({ venues_group_id: id }) => id === null).map(venueSquare) },
  ]
    .filter(({ squares }) => squares.length > 0)
    .map((row) => ({ ...row, troubled: row.squares.filter(({ condition }) => condition !== 'none' && troubles.has(condition)).length }))
    .toSorted((a, b) => b.troubled / b.squares.length - a.troubled / a.squares.length);
}

const Cells = memo(function Cells({ rows }: { rows: Row[] }) {
  const { t } = useTranslation('home');
  const { t: tHealth } = useTranslation('health');
  const word = (condition: Condition | 'none') => (condition === 'none' ? t('no_webhook') : tHealth(condition));
  return (
    <div className={styles.map}>
      {rows.map(({ id, name, squares, troubled }) => (
        <div key={id} className={styles.cell} role="group" aria-label={name}>
          <div className={styles.head} aria-hidden>
            <Text size="sm" truncate fw={troubled > 0 ? 600 : undefined} title={name}>{name}</Text>
            <Text size="xs" className={styles.troubled} data-well={troubled === 0 || undefined}>
              {troubled > 0 ? t('map_troubled', { number: troubled, all: squares.length }) : squares.length}
            </Text>
          </div>
          <div className={styles.squares}>
            {squares.map(({ key, name: called, to, condition }) => (
              <Link key={key} to={to} className={styles.square} data-condition={condition} title={`${called}: ${word(condition)}`} aria-label={`${called}: ${word(condition)}`} />
            ))}
          </div>
        </div>
      ))}
    </div>
  );
});
