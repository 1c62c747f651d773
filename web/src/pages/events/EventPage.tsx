// One event: its payload, its deliveries, and why other webhooks of its venue were owed none.
import { Anchor, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useParams } from 'react-router';

import type { Event } from '@/api/schema';
import { Link } from '@/context/links';
import { DeliveryTable } from '@/parts/deliveries/DeliveryTable';
import { ErrorState } from '@/parts/ErrorState';
import { Fact } from '@/parts/Fact';
import { JsonTree } from '@/parts/json/JsonTree';
import { Loaded } from '@/parts/Loaded';
import { Loading } from '@/parts/Loading';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { nameInPayload } from '@/parts/records/payload_name';
import { ScopeName } from '@/parts/ScopeName';
import { Time } from '@/parts/Time';
import { VenueName } from '@/parts/VenueName';
import { useEvent } from '@/queries/events';
import { useWebhooksOfVenue } from '@/queries/webhooks';
import { useTranslation } from '@/texts/translation';
import { notOwedTo, useEventDeliveries } from './event_deliveries';

export function EventPage() {
  const { t } = useTranslation('events');
  const { id = '' } = useParams();
  const event = useEvent(id);
  if (event.data) return <Detail event={event.data} />;
  return (
    <Page title={t('one')} back={{ to: '/events', label: t('title') }}>
      <Panel>{event.error ? <ErrorState error={event.error} retry={() => void event.refetch()} /> : <Loading />}</Panel>
    </Page>
  );
}

function Detail({ event }: { event: Event }) {
  const { t } = useTranslation('events');
  const deliveries = useEventDeliveries(event);
  const webhooks = useWebhooksOfVenue(event.venue_id).data ?? [];
  const kind = event.event.startsWith('contact') ? 'contacts' : 'accounts';
  const others = deliveries.data === undefined ? [] : notOwedTo(event, webhooks, deliveries.data);
  return (
    <Page title={event.event} back={{ to: '/events', label: t('title') }}>
      <Panel>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
          <Fact label={t('subject')}>
            <Anchor component={Link} to={`/${kind}/${encodeURIComponent(event.venue_id)}/${encodeURIComponent(event.resource_id)}`} inherit>
              {nameInPayload(event.payload) ?? event.resource_id}
            </Anchor>
          </Fact>
          <Fact label={t('venue')}><VenueName id={event.venue_id} /></Fact>
          <Fact label={t('time')}><Time at={event.timestamp} /></Fact>
          <Fact label={t('id')}><code>{event.id}</code></Fact>
        </SimpleGrid>
      </Panel>
      <Panel title={t('deliveries')} flush>
        <Loaded query={deliveries}>
          {(data) => (data.length === 0 ? <Text c="dimmed" p="lg" pt={0}>{t(webhooks.length === 0 ? 'no_webhook' : 'owed_to_nobody')}</Text> : <DeliveryTable deliveries={data} known={['resource', 'venue']} />)}
        </Loaded>
      </Panel>
      {others.length > 0 && (
        <Panel title={t('not_owed')} text={t('not_owed_text')}>
          <Stack gap="xs">
            {others.map(({ webhook, why }) => (
              <Group key={webhook.id} justify="space-between" gap="md">
                <span><Anchor component={Link} to={`/webhooks/${webhook.id}`} fw={600} inherit>{webhook.name}</Anchor> <Text span inherit c="dimmed"><ScopeName scope={webhook.scope} /></Text></span>
                <Text>{t(`why.${why}`, { event: event.event })}</Text>
              </Group>
            ))}
          </Stack>
        </Panel>
      )}
      <Panel title={t('payload')}><JsonTree label={t('payload')} text={event.payload} venueId={event.venue_id} /></Panel>
    </Page>
  );
}
