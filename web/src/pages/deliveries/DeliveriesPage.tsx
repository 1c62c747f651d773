// The log of deliveries as they happen, newest first: narrowed by what one clicks, walked through by keys, one open beside
// the list, several sent again.
import { Button, Group, Switch } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconArrowUp, IconDownload, IconListDetails, IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import clsx from 'clsx';
import { lazy, Suspense, useMemo, useRef, useState } from 'react';

import { useGo } from '@/context/links';
import { placeQuery, usePlaces } from '@/context/place';
import { useMay } from '@/context/session';
import { ActionsMenu } from '@/parts/ActionsMenu';
import { ConfirmDialog } from '@/parts/ConfirmDialog';
import { CursorPager, useCursor } from '@/parts/CursorPager';
import { EmptyState } from '@/parts/EmptyState';
import { useErrorText } from '@/parts/ErrorState';
import { Loaded } from '@/parts/Loaded';
import { notifyDone, notifyFailed } from '@/parts/notify';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { deliveriesKey, type DeliveryFilter, loadDeliveries, redeliver, useDeliveries } from '@/queries/deliveries';
import { loadSubjects } from '@/queries/events';
import { loadWebhooks } from '@/queries/webhooks';
import { useTranslation } from '@/texts/translation';
import styles from './DeliveriesPage.module.css';
import { useFilter } from './filter';
import { Histogram } from './Histogram';
import { useLiveList } from './live_list';
import { useLogKeys } from './log_keys';
import { LogTable } from './LogTable';
import { Toolbar } from './Toolbar';

// Parts that most visits do not show are loaded when they are wanted.
const BulkBar = lazy(async () => ({ default: (await import('./BulkBar')).BulkBar }));
const SidePanel = lazy(async () => ({ default: (await import('./SidePanel')).SidePanel }));
const SendAgainDialog = lazy(async () => ({ default: (await import('./SendAgainDialog')).SendAgainDialog }));

// With so many rows a browser is still quick.
const exportedMax = 10_000;
const markedMax = 500;

export function DeliveriesPage() {
  const { t } = useTranslation('deliveries');
  const may = useMay();
  const go = useGo();
  const control = useFilter();
  const { filter, opened } = control;
  const [live, setLive] = useState(true);
  const [sending, setSending] = useState(false);
  const [current, setCurrent] = useState<string | null>(null);
  const [asking, setAsking] = useState<string | null>(null);
  const { place } = usePlaces();
  const listed = `${place?.kind} ${place?.id} ${JSON.stringify(filter)}`;
  const paging = useCursor(listed);
  const { marked, mark, clear } = useMarked(listed);
  const whole = { ...placeQuery(place), ...filter };
  const deliveries = useDeliveries(whole, paging.cursor);
  const rows = deliveries.data?.data ?? [];
  const at = useRef(false);
  const venues = useMemo(() => new Set(place?.venues.map(({ id }) => id)), [place]);
  const news = useLiveList({
    enabled: live && paging.page === 1,
    filter: whole,
    venues,
    shown: rows,
    isBusy: () => at.current || scrollY > 0 || marked.size > 0 || opened !== null,
  });
  // Beside the list where there is room for both.
  const wide = useMediaQuery('(min-width: 75em)', true, { getInitialValueInEffect: false });
  const open = (id: string) => {
    setCurrent(id);
    if (wide) control.open(id);
    else void go(`/deliveries/${id}`);
  };
  useLogKeys({
    onStep: (by) => {
      const index = rows.findIndex(({ id }) => id === (current ?? opened));
      const next = rows[Math.min(rows.length - 1, Math.max(0, index + by))];
      if (next === undefined) return;
      setCurrent(next.id);
      if (opened !== null) control.open(next.id);
    },
    onOpen: () => {
      if (current !== null && opened === current) void go(`/deliveries/${current}`);
      else if (current !== null) open(current);
    },
    onMark: () => {
      if (current !== null && may.manage) mark([current], !marked.has(current));
    },
    onSendAgain: () => {
      if (may.manage) setAsking(current ?? opened);
    },
    onClose: () => control.open(null),
  });
  const filtered = Object.keys(filter).length > 0;
  const beside = opened !== null && wide;
  return (
    <div className={clsx(beside && styles.beside)}>
      <Page
        title={t('list.title')}
        dense
        actions={
          <Group gap="sm" wrap="nowrap">
            <Switch label={t('list.live')} checked={live} onChange={({ currentTarget }) => setLive(currentTarget.checked)} />
            {may.manage && (
              <Button size="xs" variant="default" leftSection={<IconRefresh size={14} aria-hidden />} onClick={() => setSending(true)}>{t('again.button')}</Button>
            )}
            <MoreMenu filter={whole} />
          </Group>
        }
      >
        <Toolbar control={control} />
        <Histogram webhookId={filter.webhook_id} since={filter.since} until={filter.until} onBrush={(since, until) => control.change({ since, until })} />
        <Panel flush style={{ overflow: 'visible' }}>
          <Loaded query={deliveries}>
            {(page) =>
              page.data.length === 0 ? (
                <EmptyState icon={IconListDetails} title={t(filtered ? 'list.none' : 'list.empty')} text={t(filtered ? 'list.none_text' : 'list.empty_text')}>
                  {filtered && <Button variant="default" onClick={control.clear}>{t('filter.clear')}</Button>}
                </EmptyState>
              ) : (
                <div className={styles.log} onPointerEnter={() => { at.current = true; }} onPointerLeave={() => { at.current = false; }}>
                  {news.count > 0 && (
                    <Group justify="center" align="flex-start" className={styles.news}>
                      <Button size="compact-sm" radius="xl" leftSection={<IconArrowUp size={14} aria-hidden />} onClick={() => { news.show(); scrollTo({ top: 0 }); }}>
                        {t('list.new', { count: news.count })}
                      </Button>
                    </Group>
                  )}
                  <LogTable deliveries={page.data} current={current} opened={opened} marked={marked} onMark={may.manage ? mark : undefined} onOpen={open} />
                  {marked.size > 0 && (
                    <Suspense fallback={null}><BulkBar
                      marked={marked}
                      onMarkFound={page.next_cursor === null && paging.page === 1 ? null : async () => mark((await loadDeliveries(whole, markedMax)).map(({ id }) => id), true)}
                      onClear={clear}
                    /></Suspense>
                  )}
                  <CursorPager state={paging} nextCursor={page.next_cursor} />
                </div>
              )
            }
          </Loaded>
        </Panel>
      </Page>
      {beside && <Suspense fallback={null}><SidePanel key={opened} id={opened} onClose={() => control.open(null)} onSendAgain={() => setAsking(opened)} /></Suspense>}
      {sending && <Suspense><SendAgainDialog filter={filter} onClose={() => setSending(false)} /></Suspense>}
      <SendOne id={asking} onClose={() => setAsking(null)} />
    </div>
  );
}

// Marks are of one list: another filter begins without any.
function useMarked(list: string) {
  const [state, setState] = useState<{ list: string; ids: ReadonlySet<string> }>({ list, ids: new Set() });
  const marked = state.list === list ? state.ids : new Set<string>();
  return {
    marked,
    mark: (ids: string[], on: boolean) => {
      const next = new Set(marked);
      for (const id of ids) {
        if (on) next.add(id);
        else next.delete(id);
      }
      setState({ list, ids: next });
    },
    clear: () => setState({ list, ids: new Set() }),
  };
}

function SendOne({ id, onClose }: { id: string | null; onClose: () => void }) {
  const { t } = useTranslation('deliveries');
  const client = useQueryClient();
  return (
    <ConfirmDialog
      opened={id !== null}
      title={t('redeliver.title')}
      text={t('redeliver.text')}
      confirm={t('redeliver.button')}
      onClose={onClose}
      onConfirm={async () => {
        await redeliver(id!);
        await client.invalidateQueries({ queryKey: deliveriesKey });
        notifyDone(t('redeliver.done'));
      }}
    />
  );
}

function MoreMenu({ filter }: { filter: DeliveryFilter }) {
  const { t } = useTranslation('deliveries');
  const { t: tCommon } = useTranslation();
  const client = useQueryClient();
  const textOf = useErrorText();
  const { venues } = usePlaces();
  const [busy, setBusy] = useState(false);
  const download = async () => {
    setBusy(true);
    try {
      const [{ csvOf }, { saveCsv }, found] = await Promise.all([import('./export_csv'), import('@/parts/csv_file'), loadDeliveries(filter, exportedMax)]);
      const [subjects, webhooks] = await Promise.all([
        loadSubjects(client, [...new Set(found.map(({ event_id: id }) => id))]),
        loadWebhooks([...new Set(found.map(({ webhook_id: id }) => id))]),
      ]);
      const nameOf = new Map(venues.map(({ id, name }) => [id, name]));
      saveCsv(csvOf(found, {
        subject: (id) => subjects.get(id) ?? null,
        webhook: (id) => webhooks.get(id)?.name ?? '',
        venue: (id) => nameOf.get(id) ?? '',
      }), 'deliveries.csv');
      notifyDone(t('export.done', { count: found.length }));
    } catch (error) {
      notifyFailed(textOf(error).text);
    } finally {
      setBusy(false);
    }
  };
  return <ActionsMenu framed busy={busy} label={tCommon('more')} actions={[{ label: t('export.button'), icon: IconDownload, onClick: () => void download() }]} />;
}
