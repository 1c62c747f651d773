// Who did what, newest first.
import { Button, Group } from '@mantine/core';
import { IconDownload, IconHistory } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';

import { api, call } from '@/api/client';
import type { AuditAction, AuditEntry } from '@/api/schema';
import { Badge } from '@/parts/Badge';
import cells from '@/parts/cells.module.css';
import { saveCsv } from '@/parts/csv_file';
import { CursorPager, useCursor } from '@/parts/CursorPager';
import { type Column, DataTable } from '@/parts/DataTable';
import { EmptyState } from '@/parts/EmptyState';
import { useErrorText } from '@/parts/ErrorState';
import { FilterSelect } from '@/parts/FilterSelect';
import { Loaded } from '@/parts/Loaded';
import { notifyDone, notifyFailed } from '@/parts/notify';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { Time } from '@/parts/Time';
import { early } from '@/queries/early';
import { useTranslation } from '@/texts/translation';
import { actionColor, actions } from './actions';
import { auditCsv } from './audit_csv';
import { AuditDetail } from './AuditDetail';

const pageSize = 50;
const exportedPage = 200;
const exportedMax = 10_000;
const dayMs = 86_400_000;
const spans = { all: null, day: dayMs, week: 7 * dayMs, month: 30 * dayMs } as const;
type Span = keyof typeof spans;

export function AuditPage() {
  const { t } = useTranslation('settings');
  const [action, setAction] = useState<AuditAction | null>(null);
  const [span, setSpan] = useState<Span>('all');
  const [since, setSince] = useState<number | undefined>(undefined);
  const cursor = useCursor(`${action ?? ''} ${since ?? ''}`);
  const query = { limit: pageSize, cursor: cursor.cursor, action: action ?? undefined, since };
  const entries = useQuery({
    queryKey: ['audit', query],
    ...early('/api/audit', query, () => call(api.GET('/api/audit', { params: { query } }))),
    placeholderData: keepPreviousData,
  });

  const columns = useMemo<Column<AuditEntry>[]>(
    () => [
      { id: 'at', header: t('audit.at'), phone: 'line', cell: (entry) => <Time at={entry.at} /> },
      {
        id: 'action',
        header: t('audit.action'),
        phone: 'title',
        cell: (entry) => (
          <Badge color={actionColor(entry.action)}>{t(`audit.actions.${entry.action}`)}</Badge>
        ),
      },
      {
        id: 'actor',
        header: t('audit.actor'),
        phone: 'line',
        cell: ({ actor }) => {
          if (actor === null) return <span className={cells.faint}>{t('audit.nobody')}</span>;
          if (actor.kind === 'bootstrap') return t('audit.bootstrap');
          if (actor.kind === 'server') return t('audit.server');
          return (
            <>
              {actor.name ?? actor.id}
              {actor.kind === 'api_key' && <span className={cells.faint}> ({t('audit.api_key')})</span>}
            </>
          );
        },
      },
      { id: 'subject', header: t('audit.subject'), phone: 'line', cell: ({ subject }) => (subject === null ? '' : (subject.name ?? subject.id)) },
      {
        id: 'detail',
        header: t('audit.detail'),
        phone: 'line',
        cell: ({ detail, details, changes }) => (detail || changes ? <AuditDetail detail={detail} details={details} changes={changes} /> : null),
      },
    ],
    [t],
  );
  return (
    <Page title={t('audit.title')} text={t('audit.text')} actions={<ExportButton action={action} since={since} />}>
      <Panel flush>
        <Group px="lg" py="md" gap="sm">
          <FilterSelect
            label={t('audit.action')}
            all={t('audit.all_actions')}
            data={actions.map((name) => ({ value: name, label: t(`audit.actions.${name}`) }))}
            value={action}
            onChange={setAction}
            w={260}
          />
          <FilterSelect
            label={t('audit.span')}
            data={(Object.keys(spans) as Span[]).map((name) => ({ value: name, label: t(`audit.spans.${name}`) }))}
            value={span}
            onChange={(name) => {
              const chosen = name ?? 'all';
              const ms = spans[chosen];
              setSpan(chosen);
              setSince(ms === null ? undefined : Date.now() - ms);
            }}
            w={180}
          />
        </Group>
        <Loaded query={entries} lines={8}>
          {({ data, next_cursor }) =>
            data.length === 0 ? (
              <EmptyState icon={IconHistory} title={t('audit.empty')} text={t('audit.empty_text')} />
            ) : (
              <>
                <DataTable label={t('audit.title')} columns={columns} rows={data} rowId={({ id }) => id} />
                <CursorPager state={cursor} nextCursor={next_cursor} />
              </>
            )
          }
        </Loaded>
      </Panel>
    </Page>
  );
}

// All that the filter finds, not only the page that is shown.
async function loadEntries(action: AuditAction | null, since: number | undefined): Promise<AuditEntry[]> {
  const found: AuditEntry[] = [];
  let cursor: string | undefined;
  do {
    const page = await call(api.GET('/api/audit', { params: { query: { limit: exportedPage, cursor, action: action ?? undefined, since } } }));
    found.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && found.length < exportedMax);
  return found;
}

function ExportButton({ action, since }: { action: AuditAction | null; since: number | undefined }) {
  const { t } = useTranslation('settings');
  const textOf = useErrorText();
  const [busy, setBusy] = useState(false);
  const download = async () => {
    setBusy(true);
    try {
      const found = await loadEntries(action, since);
      saveCsv(auditCsv(found), 'audit.csv');
      notifyDone(t('audit.exported', { count: found.length }));
    } catch (error) {
      notifyFailed(textOf(error).text);
    } finally {
      setBusy(false);
    }
  };
  return <Button variant="default" loading={busy} leftSection={<IconDownload size={16} aria-hidden />} onClick={() => void download()}>{t('audit.export')}</Button>;
}
