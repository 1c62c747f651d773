// A venue at a glance: its webhooks and how they do, who has access, and which custom fields its records carry.
import { Anchor, Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconAddressBook, IconBuildingStore, IconListDetails, IconPlus, IconWebhook } from '@tabler/icons-react';
import { Link as PlainLink, useParams } from 'react-router';

import type { Venue, Webhook } from '@/api/schema';
import { Link } from '@/context/links';
import { usePlaces } from '@/context/place';
import { prefixOf } from '@/context/place_path';
import { useMay } from '@/context/session';
import { EmptyState } from '@/parts/EmptyState';
import { Loaded } from '@/parts/Loaded';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { HealthBadge, useHealthText } from '@/parts/webhooks/HealthBadge';
import { useFields } from '@/queries/fields';
import { useUsers } from '@/queries/users';
import { useWebhookPage } from '@/queries/webhooks';
import { useTranslation } from '@/texts/translation';
import styles from './VenuePage.module.css';

export function VenuePage() {
  const { t } = useTranslation('venues');
  const { venueId = '' } = useParams();
  const venue = usePlaces().venues.find(({ id }) => id === venueId);
  if (venue) return <Detail venue={venue} />;
  return (
    <Page title={t('one')} back={{ to: '/settings/venues', label: t('title') }}>
      <EmptyState icon={IconBuildingStore} title={t('unknown')} text={t('unknown_text')} />
    </Page>
  );
}

function Detail({ venue }: { venue: Venue }) {
  const { t } = useTranslation('venues');
  const may = useMay();
  const group = usePlaces().groups.find(({ id }) => id === venue.venues_group_id);
  const prefix = prefixOf({ kind: 'venue', id: venue.id });
  const webhooks = useWebhookPage({ place: { venue_id: venue.id }, sort: 'trouble' });
  const fields = useFields({ venue_id: venue.id });
  return (
    <Page
      title={venue.name}
      text={group === undefined ? t('alone', { id: venue.id }) : t('of_group', { id: venue.id, group: group.name })}
      back={{ to: '/settings/venues', label: t('title') }}
      actions={
        <>
          <Button component={PlainLink} to={`${prefix}/contacts`} variant="default" leftSection={<IconAddressBook size={16} aria-hidden />}>{t('contacts')}</Button>
          <Button component={PlainLink} to={`${prefix}/deliveries`} variant="default" leftSection={<IconListDetails size={16} aria-hidden />}>{t('deliveries')}</Button>
        </>
      }
    >
      <Panel
        title={t('webhooks')}
        text={t('webhooks_text')}
        actions={may.manage && <Button component={PlainLink} to={`${prefix}/webhooks/new`} size="xs" leftSection={<IconPlus size={14} aria-hidden />}>{t('new_webhook')}</Button>}
      >
        <Loaded query={webhooks}>
          {({ data }) =>
            data.length === 0 ? <EmptyState icon={IconWebhook} title={t('no_webhook')} text={t('no_webhook_text')} /> : (
              <ul className={styles.list}>{data.map((webhook) => <WebhookLine key={webhook.id} webhook={webhook} />)}</ul>
            )
          }
        </Loaded>
      </Panel>
      <SimpleGrid cols={{ base: 1, md: may.administer ? 2 : 1 }} spacing="lg">
        <Panel title={t('fields')} text={t('fields_text')} actions={<Button component={PlainLink} to={`${prefix}/settings/fields`} size="xs" variant="default">{t('edit_fields')}</Button>}>
          <Loaded query={fields}>
            {(data) =>
              data.length === 0 ? <Text c="dimmed">{t('no_field')}</Text> : (
                <ul className={styles.list}>
                  {data.map((field) => (
                    <li key={field.code} className={styles.line}><Text fw={600}>{field.label}</Text><code className={styles.code}>{field.code}</code></li>
                  ))}
                </ul>
              )
            }
          </Loaded>
        </Panel>
        {may.administer && <People venue={venue} />}
      </SimpleGrid>
    </Page>
  );
}

function WebhookLine({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation('venues');
  const text = useHealthText()(webhook.health);
  return (
    <li className={styles.line}>
      <Stack gap={0} miw={0}>
        <Group gap="xs">
          <Anchor component={Link} to={`/webhooks/${webhook.id}`} fw={600} inherit>{webhook.name}</Anchor>
          {'venues_group_id' in webhook.scope && <Text size="sm" c="dimmed">{t('of_the_group')}</Text>}
        </Group>
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>{text ?? webhook.url}</Text>
      </Stack>
      <HealthBadge health={webhook.health} />
    </li>
  );
}

// Who sees this venue: by the venue itself, by its group, or by seeing all.
function People({ venue }: { venue: Venue }) {
  const { t } = useTranslation('venues');
  const { t: tCommon } = useTranslation();
  const users = useUsers();
  return (
    <Panel title={t('people')} text={t('people_text')} actions={<Button component={Link} to="/settings/users" size="xs" variant="default">{t('edit_people')}</Button>}>
      <Loaded query={users}>
        {(all) => (
          <ul className={styles.list}>
            {all.filter(({ scope }) => ('venue_id' in scope ? scope.venue_id === venue.id : 'venues_group_id' in scope ? scope.venues_group_id === venue.venues_group_id : true)).map((user) => (
              <li key={user.id} className={styles.line}>
                <Stack gap={0} miw={0}><Text fw={600}>{user.name}</Text><Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>{user.email}</Text></Stack>
                <Text size="sm">{tCommon(`role.${user.role}`)}</Text>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}
