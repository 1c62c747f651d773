// The venue's last imports, each with its own page.
import { Anchor } from '@mantine/core';
import { Link } from '@/context/links';

import { DataTable } from '@/parts/DataTable';
import { Panel } from '@/parts/Panel';
import { Time, useLocale } from '@/parts/Time';
import { useRecentImports } from '@/queries/imports';
import { useTranslation } from '@/texts/translation';

export function RecentPanel({ venueId }: { venueId: string }) {
  const { t } = useTranslation('records');
  const locale = useLocale();
  const { data: recent = [] } = useRecentImports(venueId);
  if (recent.length === 0) return null;
  return (
    <Panel title={t('import_page.recent')} flush>
      <DataTable
        label={t('import_page.recent')}
        rows={recent}
        rowId={({ id }) => id}
        columns={[
          { id: 'state', header: t('import_page.state'), phone: 'title', cell: (job) => <Anchor component={Link} to={`/${job.kind}-imports/${job.id}`}>{t(`import_page.${job.state}`)}</Anchor> },
          { id: 'kind', header: t('import_page.into'), cell: ({ kind }) => t(`${kind}.title`) },
          { id: 'rows', header: t('import_page.rows'), cell: ({ rows }) => rows.toLocaleString(locale) },
          { id: 'started', header: t('import_page.started'), cell: ({ created_at }) => <Time at={created_at} /> },
          { id: 'by', header: t('import_page.started_by'), cell: ({ started_by }) => started_by },
        ]}
      />
    </Panel>
  );
}
