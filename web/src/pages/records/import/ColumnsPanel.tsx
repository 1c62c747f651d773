// Which field each column of the file fills; a field is given once.
import { Select, Text } from '@mantine/core';

import type { CustomField } from '@/api/schema';
import { DataTable } from '@/parts/DataTable';
import { Panel } from '@/parts/Panel';
import type { Mapping } from '@/queries/imports';
import type { Kind } from '@/queries/records';
import { useTranslation } from '@/texts/translation';
import { targetsOf } from './column_guess';
import type { TargetLabels } from './target_labels';

interface ColumnsPanelProps {
  kind: Kind;
  fields: CustomField[];
  header: string[];
  examples: string[];
  mapping: Mapping;
  labels: TargetLabels;
  onChange: (mapping: Mapping) => void;
}

export function ColumnsPanel({ kind, fields, header, examples, mapping, labels, onChange }: ColumnsPanelProps) {
  const { t } = useTranslation('records');
  const targets = targetsOf(kind, fields).map((value) => ({ value, label: labels[value] ?? value }));
  const rows = header.map((name, column) => ({ column, header: name, example: examples[column] ?? '' }));
  const choose = (column: number, target: string | null) =>
    onChange(mapping.map((field, at) => (at === column ? target : field === target ? null : field)));
  return (
    <Panel title={t('import_page.columns')} text={t('import_page.columns_text')} flush>
      <DataTable
        label={t('import_page.columns')}
        rows={rows}
        rowId={({ column }) => String(column)}
        columns={[
          { id: 'column', header: t('import_page.column'), cell: ({ header }) => <Text fw={600} inherit>{header || '—'}</Text> },
          { id: 'example', header: t('import_page.example'), cell: ({ example }) => <Text inherit lineClamp={1}>{example || '—'}</Text> },
          {
            id: 'field',
            header: t('import_page.field'),
            width: '40%',
            cell: ({ column, header }) => (
              <Select
                aria-label={`${t('import_page.field')}: ${header || column + 1}`}
                data={targets}
                value={mapping[column] ?? null}
                onChange={(target) => choose(column, target)}
                placeholder={t('import_page.skip')}
                searchable
                clearable
              />
            ),
          },
        ]}
      />
    </Panel>
  );
}
