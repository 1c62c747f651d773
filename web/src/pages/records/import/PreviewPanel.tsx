// Shows what the server would make of the file: how many rows, the first of them as they would be stored.
import { SimpleGrid, Text } from '@mantine/core';

import type { ImportDryRun } from '@/api/schema';
import { DataTable } from '@/parts/DataTable';
import { Fact } from '@/parts/Fact';
import { Panel } from '@/parts/Panel';
import { useLocale } from '@/parts/Time';
import type { Mapping } from '@/queries/imports';
import { useTranslation } from '@/texts/translation';
import type { TargetLabels } from './target_labels';

const shownRowsMax = 5;
const shownFieldsMax = 5;

type Row = ImportDryRun['sample'][number];

const shown = (value: unknown) => (value === undefined ? '—' : typeof value === 'object' ? JSON.stringify(value) : String(value));

interface PreviewPanelProps {
  run: ImportDryRun;
  mapping: Mapping;
  labels: TargetLabels;
}

export function PreviewPanel({ run, mapping, labels }: PreviewPanelProps) {
  const { t } = useTranslation('records');
  const locale = useLocale();
  const fields = mapping.filter((field) => field !== null).slice(0, shownFieldsMax);
  const facts = [['rows', run.rows], ['created', run.created], ['updated', run.updated], ['unchanged', run.unchanged], ['refused', run.refused]] as const;
  return (
    <Panel title={t('import_page.preview')} text={t('import_page.preview_note')} flush>
      <SimpleGrid cols={{ base: 2, sm: 5 }} px="lg" pb="md">
        {facts.map(([name, count]) => <Fact key={name} label={t(`import_page.${name}`)}>{count.toLocaleString(locale)}</Fact>)}
      </SimpleGrid>
      {fields.length > 0 && run.sample.length > 0 && (
        <DataTable<Row>
          label={t('import_page.preview')}
          rows={run.sample.slice(0, shownRowsMax)}
          rowId={({ row }) => String(row)}
          columns={[
            { id: 'row', header: t('import_page.row'), cell: ({ row }) => row },
            { id: 'result', header: t('import_page.will_be'), cell: ({ result }) => t(`import_page.will_${result}`) },
            ...fields.map((field) => ({
              id: field,
              header: labels[field] ?? field,
              cell: ({ data }: Row) => (
                <Text inherit lineClamp={2} style={{ overflowWrap: 'anywhere' }}>{shown((data as Record<string, unknown>)[field])}</Text>
              ),
            })),
          ]}
        />
      )}
    </Panel>
  );
}
