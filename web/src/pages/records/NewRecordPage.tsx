// A new contact or account of a venue.
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';

import { usePlaces } from '@/app/place';
import { Loaded } from '@/parts/Loaded';
import { notifyDone } from '@/parts/notify';
import { Page } from '@/parts/Page';
import { collections, pathOf } from '@/parts/records/kinds';
import { useFields } from '@/queries/fields';
import type { Kind } from '@/queries/records';
import { createRecord, recordsKey } from '@/queries/records';
import { newRecordOf, valuesOf } from './record_form';
import { RecordForm } from './RecordForm';
import { VenueChoice } from './VenueChoice';

export function NewRecordPage({ kind }: { kind: Kind }) {
  const { t } = useTranslation('records');
  const client = useQueryClient();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const { venues } = usePlaces();
  const venue = venues.find(({ id }) => id === search.get('venue_id')) ?? venues[0];
  const fields = useFields(venue ? { venue_id: venue.id } : null);
  return (
    <Page title={t(`${kind}.new`)} text={venue?.name} back={{ to: `/${kind}s`, label: t(`${kind}.title`) }} narrow>
      {venue && <VenueChoice venueId={venue.id} />}
      <Loaded query={fields}>
        {(all) => {
          const own = all.filter(({ collection }) => collection === collections[kind]);
          return (
            <RecordForm
              key={venue!.id}
              kind={kind}
              venueId={venue!.id}
              fields={own}
              initialValues={valuesOf(kind, own, null)}
              confirm={t('create')}
              send={async (values) => {
                const { record } = await createRecord(kind, venue!.id, newRecordOf(kind, own, values));
                await client.invalidateQueries({ queryKey: recordsKey(kind) });
                notifyDone(t('created_note'));
                await navigate(pathOf(kind, venue!.id, record.id));
              }}
              onCancel={() => void navigate(`/${kind}s`)}
            />
          );
        }}
      </Loaded>
    </Page>
  );
}
