// Leads from the first venue to the first delivery, and ticks each step off as it happens.
import { Alert, Anchor, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { IconBuildingStore, IconCheck, IconConfetti } from '@tabler/icons-react';
import { Link } from '@/context/links';

import { usePlaces } from '@/context/place';
import { useProgress } from '@/context/progress';
import { useMay } from '@/context/session';
import { EmptyState } from '@/parts/EmptyState';
import { useFirstSteps } from '@/parts/first_steps';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { useTranslation } from '@/texts/translation';
import { FirstDelivery } from './FirstDelivery';
import { FirstVenue } from './FirstVenue';
import { Step } from './Step';

export function GettingStartedPage() {
  const { t } = useTranslation('getting_started');
  const { place } = usePlaces();
  const may = useMay();
  return (
    <Page title={t('title')} text={t('text')} narrow>
      {place !== null ? <Steps /> : may.administer ? <FirstVenue /> : (
        <Panel flush><EmptyState icon={IconBuildingStore} title={t('venue.none')} text={t('venue.none_text')} /></Panel>
      )}
    </Page>
  );
}

function Steps() {
  const { t } = useTranslation('getting_started');
  const may = useMay();
  const { mark } = useProgress();
  const { webhook, latest, done } = useFirstSteps();
  const steps = [done.opened, done.created, done.copied, done.delivered];
  const count = steps.filter(Boolean).length;
  const current = steps.indexOf(false);
  const state = (index: number) => (steps[index] ? 'done' : index === current ? 'current' : 'ahead');
  const webhookPage = webhook ? `/webhooks/${webhook.id}?tab=secret` : '/webhooks/new';

  return (
    <Stack gap="lg">
      <Stack gap={6}>
        <Text size="sm" c="dimmed">{t('steps_done', { count, all: steps.length })}</Text>
        <Progress value={(count / steps.length) * 100} aria-label={t('title')} />
      </Stack>
      {count === steps.length && (
        <Alert color="teal" icon={<IconConfetti size={20} aria-hidden />} title={t('all_done')}>
          <Text size="sm" mb="xs">{t('all_done_text')}</Text>
          <Group gap="lg">
            <Anchor component={Link} to="/deliveries" size="sm">{t('all_done_deliveries')}</Anchor>
            <Anchor href="/docs" size="sm">{t('all_done_docs')}</Anchor>
            {may.administer && <Anchor component={Link} to="/settings/users" size="sm">{t('all_done_users')}</Anchor>}
          </Group>
        </Alert>
      )}
      <Stack component="ol" gap="md" m={0} p={0}>
        <Step number={1} state={state(0)} title={t('settings.title')} text={t('settings.text')}>
          <Button component={Link} to="/settings/integrations#webhooks" variant={state(0) === 'current' ? 'filled' : 'default'}>{t('settings.button')}</Button>
        </Step>
        <Step number={2} state={state(1)} title={t('create.title')} text={t('create.text')}>
          {may.manage && (
            <Button component={Link} to="/webhooks/new" variant={state(1) === 'current' ? 'filled' : 'default'}>{t('create.button')}</Button>
          )}
          <Text size="sm" c="dimmed">
            {t('create.no_endpoint')} <Anchor component={Link} to="/inbox" inherit underline="always">{t('create.inbox')}</Anchor>
          </Text>
        </Step>
        <Step number={3} state={state(2)} title={t('copy.title')} text={t('copy.text')}>
          {may.manage && webhook && (
            <>
              <Button component={Link} to={webhookPage} variant={state(2) === 'current' ? 'filled' : 'default'}>{t('copy.button')}</Button>
              {!done.copied && (
                <Button variant="subtle" leftSection={<IconCheck size={16} aria-hidden />} onClick={() => mark('secret_copied')}>{t('copy.have_it')}</Button>
              )}
            </>
          )}
        </Step>
        <Step number={4} state={state(3)} title={t('test.title')} text={t('test.text')}>
          {may.manage && (
            <Button component={Link} to="/contacts/new" variant={state(3) === 'current' ? 'filled' : 'default'}>{t('test.button')}</Button>
          )}
          {webhook && <FirstDelivery webhook={webhook} latest={latest} />}
        </Step>
      </Stack>
    </Stack>
  );
}
