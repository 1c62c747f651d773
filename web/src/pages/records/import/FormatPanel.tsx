// Shows the file's encoding and delimiter as the server recognized them, and asks for them if it did not.
import { Select, SimpleGrid } from '@mantine/core';
import type { ReactNode } from 'react';

import { Panel } from '@/parts/Panel';
import { type Delimiter, delimiters, encodings, type Reading } from '@/queries/imports';
import { useTranslation } from '@/texts/translation';

interface FormatPanelProps {
  name: string;
  reading: Reading;
  recognized: { encoding: string; delimiter: Delimiter } | null;
  onChange: (reading: Reading) => void;
  actions: ReactNode;
}

export function FormatPanel({ name, reading, recognized, onChange, actions }: FormatPanelProps) {
  const { t } = useTranslation('records');
  const encoding = reading.encoding ?? recognized?.encoding ?? null;
  const all = encoding === null || encodings.includes(encoding) ? encodings : [...encodings, encoding];
  return (
    <Panel title={`${t('import_page.format')}: ${name}`} text={t('import_page.format_text')} actions={actions}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label={t('import_page.encoding')}
          data={all}
          value={encoding}
          placeholder={t('import_page.recognize')}
          onChange={(chosen) => onChange({ ...reading, encoding: chosen ?? undefined })}
          searchable
        />
        <Select
          label={t('import_page.delimiter')}
          data={delimiters.map((value) => ({ value, label: t(`import_page.delimiters.${value}`) }))}
          value={reading.delimiter ?? recognized?.delimiter ?? null}
          placeholder={t('import_page.recognize')}
          onChange={(chosen) => onChange({ ...reading, delimiter: (chosen ?? undefined) })}
        />
      </SimpleGrid>
    </Panel>
  );
}
