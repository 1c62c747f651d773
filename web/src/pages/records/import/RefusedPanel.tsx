// The rows that an import would refuse: the first of them, with the server's reasons.
import { Text } from '@mantine/core';

import type { ImportDryRun } from '@/api/schema';
import { DataTable } from '@/parts/DataTable';
import { Panel } from '@/parts/Panel';
import { useRefusalText } from '@/parts/refusal_text';
import { useTranslation } from '@/texts/translation';
import type { TargetLabels } from './target_labels';

const shownMax = 20;

export function RefusedPanel({ run, labels }: { run: ImportDryRun; labels: TargetLabels }) {
  const { t } = useTranslation('records');
  const refusalText = useRefusalText();
  if (run.errors.length === 0) return null;
  const problems = run.errors.flatMap(({ row, errors }) => errors.map((each) => ({ row, ...each })));
  return (
    <Panel title={t('import_page.problems')} text={t('import_page.problems_before')} flush>
      <DataTable
        label={t('import_page.problems')}
        rows={problems.slice(0, shownMax)}
        rowId={({ row, field }) => `${row} ${field}`}
        columns={[
          { id: 'row', header: t('import_page.row'), cell: ({ row }) => row, width: 90 },
          { id: 'field', header: t('import_page.field'), cell: ({ field }) => (labels[field] ?? field) || '—' },
          { id: 'problem', header: t('import_page.problem_column'), cell: (each) => refusalText(each) },
        ]}
      />
      {(problems.length > shownMax || run.refused > run.errors.length) && (
        <Text size="sm" c="dimmed" p="md">{t('import_page.shown', { shown: Math.min(shownMax, problems.length), count: Math.max(run.refused, problems.length) })}</Text>
      )}
    </Panel>
  );
}
