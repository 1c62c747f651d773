// The rows that cannot be imported as they are: the first of them.
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { DataTable } from '../../../parts/DataTable';
import { Panel } from '../../../parts/Panel';
import type { Refused } from './import_rows';
import type { TargetLabels } from './target_labels';

const shownMax = 20;

export function RefusedPanel({ refused, labels }: { refused: Refused[]; labels: TargetLabels }) {
  const { t } = useTranslation('records');
  if (refused.length === 0) return null;
  return (
    <Panel title={t('import_page.problems')} text={t('import_page.problems_before')} flush>
      <DataTable
        label={t('import_page.problems')}
        rows={refused.slice(0, shownMax)}
        rowId={(each) => `${each.row} ${each.field}`}
        columns={[
          { id: 'row', header: t('import_page.row'), cell: ({ row }) => row, width: 90 },
          { id: 'field', header: t('import_page.field'), cell: ({ field }) => (field === null ? '—' : (labels[field] ?? field)) },
          { id: 'problem', header: t('import_page.problem_column'), cell: ({ problem }) => t(`row_problem.${problem}`) },
        ]}
      />
      {refused.length > shownMax && <Text size="sm" c="dimmed" p="md">{t('import_page.shown', { shown: shownMax, count: refused.length })}</Text>}
    </Panel>
  );
}
