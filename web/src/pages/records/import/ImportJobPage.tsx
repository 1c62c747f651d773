// One import: how far it is, what became of the rows, those that were refused. The server runs it; this page may be left.
import { Button, Group, Progress as Bar, SimpleGrid, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import type { Import } from '@/api/schema';
import { Link } from '@/context/links';

import { prefixOf } from '@/context/place_path';
import { useMay } from '@/context/session';
import { DataTable } from '@/parts/DataTable';
import { Fact } from '@/parts/Fact';
import { FormError } from '@/parts/FormError';
import { Loaded } from '@/parts/Loaded';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { collections } from '@/parts/records/kinds';
import { useRefusalText } from '@/parts/refusal_text';
import { Time, useLocale } from '@/parts/Time';
import { useFields } from '@/queries/fields';
import { cancelImport, useImport, useImportErrors } from '@/queries/imports';
import type { Kind } from '@/queries/records';
import { useTranslation } from '@/texts/translation';
import { useTargetLabels } from './target_labels';

const shownMax = 20;

export function ImportJobPage({ kind }: { kind: Kind }) {
  const { t } = useTranslation('records');
  const { importId = '' } = useParams();
  const job = useImport(importId);
  return (
    <Page title={t('import_title', { kind: t(`${kind}.title`) })} back={{ to: `/${kind}s`, label: t(`${kind}.title`) }}>
      <Loaded query={job}>
        {(now) => (
          <>
            <ProgressPanel job={now} />
            {now.state !== 'running' && now.refused > 0 && <ErrorsPanel job={now} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function ProgressPanel({ job }: { job: Import }) {
  const { t } = useTranslation('records');
  const locale = useLocale();
  const may = useMay();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const stop = async () => {
    try {
      await cancelImport(job.id);
      await client.invalidateQueries({ queryKey: ['import', job.id] });
    } catch (failure) {
      setError(failure);
    }
  };
  const facts = [['created', job.created], ['updated', job.updated], ['unchanged', job.unchanged], ['refused', job.refused]] as const;
  return (
    <Panel title={t(`import_page.${job.state}`)}>
      <FormError error={error} />
      {job.state === 'running' && <Text mb="md">{t('import_page.running_text')}</Text>}
      {job.state === 'canceled' && <Text mb="md">{t('import_page.canceled_text')}</Text>}
      <Bar value={job.rows === 0 ? 100 : (100 * job.done) / job.rows} animated={job.state === 'running'} size="lg" aria-label={t('import_page.running')} />
      <Text size="sm" c="dimmed" mt={6} role="status">{t('import_page.progress', { done: job.done, count: job.rows })}</Text>
      <SimpleGrid cols={{ base: 2, sm: 4 }} mt="md">
        {facts.map(([name, count]) => <Fact key={name} label={t(`import_page.${name}`)}>{count.toLocaleString(locale)}</Fact>)}
        <Fact label={t('import_page.started')}><Time at={job.created_at} /></Fact>
        <Fact label={t('import_page.started_by')}>{job.started_by}</Fact>
      </SimpleGrid>
      <Group justify="flex-end" mt="lg">
        {job.state === 'running' && may.manage && <Button variant="default" onClick={() => void stop()}>{t('import_page.stop')}</Button>}
        {job.state !== 'running' && (
          <>
            <Button component={Link} to={`${prefixOf({ kind: 'venue', id: job.venue_id })}/${job.kind}s/import`} variant="default">{t('import_page.another')}</Button>
            <Button component={Link} to={`/${job.kind}s`}>{t('import_page.to_list')}</Button>
          </>
        )}
      </Group>
    </Panel>
  );
}

function ErrorsPanel({ job }: { job: Import }) {
  const { t } = useTranslation('records');
  const refusalText = useRefusalText();
  const fields = useFields({ venue_id: job.venue_id });
  const labels = useTargetLabels(job.kind, (fields.data ?? []).filter(({ collection }) => collection === collections[job.kind]));
  const errors = useImportErrors(job.id, true, shownMax);
  return (
    <Panel
      title={t('import_page.problems')}
      text={t('import_page.problems_text')}
      actions={
        <Button component="a" href={`/api/imports/${job.id}/errors.csv`} download="import-errors.csv" variant="default" size="xs" leftSection={<IconDownload size={16} aria-hidden />}>
          {t('import_page.download')}
        </Button>
      }
      flush
    >
      <Loaded query={errors}>
        {(refused) => (
          <DataTable
            label={t('import_page.problems')}
            rows={refused.flatMap(({ row, errors: all }) => all.map((each) => ({ row, ...each })))}
            rowId={({ row, field }) => `${row} ${field}`}
            columns={[
              { id: 'row', header: t('import_page.row'), cell: ({ row }) => row, width: 90 },
              { id: 'field', header: t('import_page.field'), cell: ({ field }) => (labels[field] ?? field) || '—' },
              { id: 'problem', header: t('import_page.problem_column'), cell: (each) => refusalText(each) },
            ]}
          />
        )}
      </Loaded>
      {job.refused > shownMax && <Text size="sm" c="dimmed" p="md">{t('import_page.shown', { shown: shownMax, count: job.refused })}</Text>}
    </Panel>
  );
}
