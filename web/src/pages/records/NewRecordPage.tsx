// A new contact or account of a venue.
import { useQueryClient } from '@tanstack/react-query';
import { useGo } from '@/context/links';

import { Loaded } from '@/parts/Loaded';
import { notifyDone } from '@/parts/notify';
import { Page } from '@/parts/Page';
import { collections, pathOf } from '@/parts/records/kinds';
import { useFields } from '@/queries/fields';
import type { Kind } from '@/queries/records';
import { createRecord, recordsKey } from '@/queries/records';
import { useTranslation } from '@/texts/translation';
import { newRecordOf, valuesOf } from './record_form';
import { RecordForm } from './RecordForm';
import { useChosenVenue, VenueChoice } from './VenueChoice';

export function NewRecordPage({ kind }: { kind: Kind }) {
  const { t } = useTranslation('records');
  const client = useQueryClient();
  const go = useGo();
  const venue = useChosenVenue();
  const fields = useFields(venue ? { venue_id: venue.id } : null);
  return (
    <Page title={t(`${kind}.new`)} text={venue?.name} back={{ to: `/${kind}s`, label: t(`${kind}.title`) }} narrow>
      <VenueChoice />
      {venue && <Loaded query={fields}>
        {(all) => {
          const own = all.filter(({ collection }) => collection === collections[kind]);
          return (
            <RecordForm
              key={venue.id}
              kind={kind}
              venueId={venue.id}
              fields={own}
              initialValues={valuesOf(kind, own, null)}
              confirm={t('create_in', { venue: venue.name })}
              send={async (values) => {
                const { record } = await createRecord(kind, venue.id, newRecordOf(kind, own, values));
                await client.invalidateQueries({ queryKey: recordsKey(kind) });
                notifyDone(t('created_note'));
                await go(pathOf(kind, venue.id, record.id));
              }}
              onCancel={() => void go(`/${kind}s`)}
            />
          );
        }}
      </Loaded>}
    </Page>
  );
}
