// The rows with errors, the first of them here and all of them as a file.
import { Button, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { DataTable } from '../../../parts/DataTable';
import { Panel } from '../../../parts/Panel';
import { useRefusalText } from '../../../parts/refusal_text';
import { type CsvFile, type Refused, refusedCsv } from './import_rows';
import type { TargetLabels } from './target_labels';

const shownMax = 20;

function download(text: string, name: string) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

export function RefusedPanel({ file, refused, labels }: { file: CsvFile; refused: Refused[]; labels: TargetLabels }) {
  const { t } = useTranslation('records');
  const refusalText = useRefusalText();
  const problemText = ({ problem }: Refused) => (typeof problem === 'string' ? t(`row_problem.${problem}`) : refusalText(problem.detail));
  const fieldText = ({ field }: Refused) => (field === null ? '' : (labels[field] ?? field));
  if (refused.length === 0) return null;
  const words = { row: t('import_page.row'), field: t('import_page.field'), problem: t('import_page.problem_column') };
  const save = () => download(refusedCsv(file, refused, words, (each) => [fieldText(each), problemText(each)]), 'import-errors.csv');
  return (
    <Panel
      title={t('import_page.problems')}
      text={t('import_page.problems_text')}
      actions={<Button variant="default" size="xs" leftSection={<IconDownload size={16} aria-hidden />} onClick={save}>{t('import_page.download')}</Button>}
      flush
    >
      <DataTable
        label={t('import_page.problems')}
        rows={refused.slice(0, shownMax)}
        rowId={(each) => `${each.row} ${each.field}`}
        columns={[
          { id: 'row', header: words.row, cell: ({ row }) => row, width: 90 },
          { id: 'field', header: words.field, cell: (each) => fieldText(each) || '—' },
          { id: 'problem', header: words.problem, cell: problemText },
        ]}
      />
      {refused.length > shownMax && <Text size="sm" c="dimmed" p="md">{t('import_page.shown', { shown: shownMax, count: refused.length })}</Text>}
    </Panel>
  );
}
