// Custom fields of the chosen place: a venue's own and its group's, or a group's own; contacts and accounts apart.
import { Group } from '@mantine/core';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { useState } from 'react';

import type { CustomField } from '@/api/schema';
import { usePlaces } from '@/context/place';
import { EmptyState } from '@/parts/EmptyState';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { Segments } from '@/parts/Segments';
import { useTranslation } from '@/texts/translation';
import { FieldsPanel } from './FieldsPanel';

export function FieldsPage() {
  const { t } = useTranslation('settings');
  const { place } = usePlaces();
  const [collection, setCollection] = useState<CustomField['collection']>('clients');
  return (
    <Page title={t('fields.title')} text={t('fields.text')}>
      <Group>
        <Segments
          label={t('fields.collection')}
          value={collection}
          onChange={setCollection}
          data={[
            { value: 'clients', label: t('fields.clients') },
            { value: 'accounts', label: t('fields.accounts') },
          ]}
        />
      </Group>
      {place?.kind === 'all' ? (
        <Panel><EmptyState icon={IconAdjustmentsHorizontal} title={t('fields.choose')} text={t('fields.choose_text')} /></Panel>
      ) : (
        <FieldsPanel key={place ? `${place.kind}:${place.id}` : 'none'} place={place} collection={collection} />
      )}
    </Page>
  );
}
