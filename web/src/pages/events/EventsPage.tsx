// The page lists what happened at the place, newest first: each event with what became of its deliveries.
import { Group } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import { useDeferredValue, useMemo } from 'react';
import { useSearchParams } from 'react-router';

import type { Delivery, Event, EventType } from '@/api/schema';
import { Link } from '@/context/links';
import { placeQuery, usePlaces } from '@/context/place';
import cells from '@/parts/cells.module.css';
import { CursorPager, useCursor } from '@/parts/CursorPager';
import { type Column, DataTable } from '@/parts/DataTable';
import { StateWord } from '@/parts/deliveries/StateWord';
import { EmptyState } from '@/parts/EmptyState';
import { FilterSelect } from '@/parts/FilterSelect';
import { Loaded } from '@/parts/Loaded';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { nameInPayload } from '@/parts/records/payload_name';
import { Time } from '@/parts/Time';
import { VenueName } from '@/parts/VenueName';
import { eventGroups } from '@/parts/webhooks/events';
import { useEvents } from '@/queries/events';
import { useTranslation } from '@/texts/translation';
import { useDeliveriesNear, useEventDeliveries } from './event_deliveries';
import styles from './EventsPage.module.css';

const types: EventType[] = eventGroups.flatMap(({ events }) => events);

export function EventsPage() {
  const { t } = useTranslation('events');
  const { place } = usePlaces();
  const [search, setSearch] = useSearchParams();
  const type = types.find((each) => each === search.get('event'));
  const filter = { ...placeQuery(place), ...(type && { event: type }) };
  const paging = useCursor(JSON.stringify(filter));
  const events = useEvents(filter, paging.cursor);
  // All rows are rendered anew with them, in pieces.
  const near = useDeferredValue(useDeliveriesNear(filter, events.data?.data ?? []).data);
  const columns = useMemo<Column<Event>[]>(
    () => [
      { id: 'time', header: t('time'), width: 170, phone: 'line', cell: (event) => <Time at={event.timestamp} style="log" /> },
      { id: 'event', header: t('event'), width: 160, phone: 'title', cell: (event) => <Link to={`/events/${event.id}`} className={cells.link}>{event.event}</Link> },
      { id: 'subject', header: t('subject'), phone: 'line', cell: (event) => nameInPayload(event.payload) ?? <span className={styles.id}>{event.resource_id}</span> },
      ...(place?.kind === 'venue' ? [] : [{ id: 'venue', header: t('venue'), phone: 'line' as const, cell: ({ venue_id: id }: Event) => <VenueName id={id} /> }]),
      { id: 'deliveries', header: t('deliveries'), width: '32%', phone: 'line', cell: (event) => (near === undefined ? '…' : <Outcome event={event} known={near.get(event.id)} />) },
    ],
    [t, place?.kind, near],
  );
  return (
    <Page title={t('title')} text={t('text')}>
      <Panel flush>
        <Group px="lg" py="md">
          <FilterSelect label={t('event')} all={t('any')} data={types.map((value) => ({ value, label: value }))} value={type ?? null} onChange={(value) => setSearch(value === null ? {} : { event: value }, { replace: true })} />
        </Group>
        <Loaded query={events}>
          {(page) =>
            page.data.length === 0 ? (
              <EmptyState icon={IconBolt} title={t('empty')} text={t('empty_text')} />
            ) : (
              <>
                <DataTable dense label={t('title')} columns={columns} rows={page.data} rowId={({ id }) => id} rowLink={({ id }) => `/events/${id}`} />
                <CursorPager state={paging} nextCursor={page.next_cursor} />
              </>
            )
          }
        </Loaded>
      </Panel>
    </Page>
  );
}

// "2 delivered, 1 failed", as dots and words; or that it was owed to nobody.
function Outcome({ event, known }: { event: Event; known: Delivery[] | undefined }) {
  const { t } = useTranslation('events');
  const asked = useEventDeliveries(known === undefined ? event : undefined).data;
  const deliveries = known ?? asked;
  if (deliveries === undefined) return '…';
  if (deliveries.length === 0) return <span className={cells.faint}>{t('owed_to_nobody')}</span>;
  const states = new Map<string, { count: number; delivery: (typeof deliveries)[number] }>();
  for (const delivery of deliveries) {
    const key = `${delivery.status}${delivery.attempt_count > 0}`;
    states.set(key, { count: (states.get(key)?.count ?? 0) + 1, delivery });
  }
  return (
    <span className={styles.outcome}>
      {[...states].map(([key, { count, delivery }]) => <span key={key}>{count} × <StateWord delivery={delivery} /></span>)}
    </span>
  );
}
