// What would be sent: how many rows, the first of them, and what is wrong with the others.
import { SimpleGrid, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { DataTable } from '../../../parts/DataTable';
import { Fact } from '../../../parts/Fact';
import { Panel } from '../../../parts/Panel';
import type { CsvFile, Item, Mapping, Plan } from './import_rows';
import { RefusedPanel } from './RefusedPanel';
import type { TargetLabels } from './target_labels';

const shownRowsMax = 5;
const shownFieldsMax = 5;

const shown = (value: unknown) => (value === undefined ? '—' : typeof value === 'object' ? JSON.stringify(value) : String(value));

interface PreviewPanelProps {
  file: CsvFile;
  plan: Plan;
  mapping: Mapping;
  labels: TargetLabels;
}

export function PreviewPanel({ file, plan, mapping, labels }: PreviewPanelProps) {
  const { t } = useTranslation('records');
  const fields = mapping.filter((field) => field !== null).slice(0, shownFieldsMax);
  const refusedRows = new Set(plan.refused.map(({ row }) => row)).size;
  const facts = [['rows', file.rows.length], ['ready', plan.items.length], ['refused', refusedRows]] as const;
  return (
    <>
      <Panel title={t('import_page.preview')} text={t('import_page.preview_note')} flush>
        <SimpleGrid cols={3} px="lg" pb="md">
          {facts.map(([name, count]) => <Fact key={name} label={t(`import_page.${name}`)}>{count.toLocaleString()}</Fact>)}
        </SimpleGrid>
        {fields.length > 0 && plan.items.length > 0 && (
          <DataTable<Item>
            label={t('import_page.preview')}
            rows={plan.items.slice(0, shownRowsMax)}
            rowId={({ row }) => String(row)}
            columns={[
              { id: 'row', header: t('import_page.row'), cell: ({ row }) => row },
              ...fields.map((field) => ({
                id: field,
                header: labels[field] ?? field,
                cell: ({ data }: Item) => <Text inherit lineClamp={2} style={{ overflowWrap: 'anywhere' }}>{shown(data[field])}</Text>,
              })),
            ]}
          />
        )}
      </Panel>
      <RefusedPanel refused={plan.refused} labels={labels} />
    </>
  );
}
