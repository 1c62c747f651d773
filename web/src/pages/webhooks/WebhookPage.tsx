// One webhook: how it is doing, its settings, its secret, the code to verify with.
import { Alert, Button, Group, Tabs, Text } from '@mantine/core';
import { IconCopy, IconListDetails, IconPlayerPause, IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useParams, useSearchParams } from 'react-router';

import { api, call } from '@/api/client';
import type { Webhook } from '@/api/schema';
import { useStream } from '@/api/stream';
import { Link, useGo } from '@/context/links';
import { usePlaces, venuesBeyond } from '@/context/place';
import { useMay } from '@/context/session';
import { ActionsMenu } from '@/parts/ActionsMenu';
import { ConfirmDialog } from '@/parts/ConfirmDialog';
import { ErrorState } from '@/parts/ErrorState';
import { Loading } from '@/parts/Loading';
import { notifyDone } from '@/parts/notify';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { useSeldom } from '@/parts/seldom';
import tabStyles from '@/parts/tabs.module.css';
import { HealthBadge, isTroubled, useHealthText } from '@/parts/webhooks/HealthBadge';
import { useWebhook, webhookKey, webhooksKey } from '@/queries/webhooks';
import { useTranslation } from '@/texts/translation';

import { DisablesSoon } from './DisablesSoon';

// Parts that most visits do not show are loaded when they are opened.
const DuplicateDialog = lazy(async () => ({ default: (await import('./DuplicateDialog')).DuplicateDialog }));
const EnableDialog = lazy(async () => ({ default: (await import('./EnableDialog')).EnableDialog }));
const loadOverview = () => import('./OverviewTab');
const IncidentCard = lazy(async () => ({ default: (await loadOverview()).IncidentCard }));
const OverviewTab = lazy(async () => ({ default: (await loadOverview()).OverviewTab }));
const SecretTab = lazy(async () => ({ default: (await import('./SecretTab')).SecretTab }));
const SettingsPanel = lazy(async () => ({ default: (await import('./SettingsPanel')).SettingsPanel }));

const tabs = ['overview', 'settings', 'secret'] as const;

function tabOf(search: URLSearchParams) {
  return tabs.find((name) => name === search.get('tab')) ?? 'overview';
}

export function WebhookPage() {
  const { t } = useTranslation('webhooks');
  const { id = '' } = useParams();
  const webhook = useWebhook(id);
  const [search] = useSearchParams();
  // The first tab is loaded beside the webhook, not behind it.
  if (tabOf(search) === 'overview') void loadOverview().catch(() => undefined);
  const back = { to: '/webhooks', label: t('list.title') };
  if (webhook.data) return <WebhookDetail webhook={webhook.data} back={back} />;
  return (
    <Page title={t('page.title')} back={back}>
      <Panel>{webhook.error ? <ErrorState error={webhook.error} retry={() => void webhook.refetch()} /> : <Loading />}</Panel>
    </Page>
  );
}

function WebhookDetail({ webhook, back }: { webhook: Webhook; back: { to: string; label: string } }) {
  const { t } = useTranslation('webhooks');
  const may = useMay();
  const [search, setSearch] = useSearchParams();
  const tab = tabOf(search);
  const healthText = useHealthText();
  const [enabling, setEnabling] = useState(false);
  useFreshness(webhook.id);
  return (
    <Page
      title={webhook.name}
      badge={<HealthBadge health={webhook.health} />}
      text={<Text span inherit style={{ overflowWrap: 'anywhere' }}>{webhook.url}</Text>}
      back={back}
      actions={<Actions webhook={webhook} />}
    >
      {tab === 'overview' && isTroubled(webhook) && <Suspense fallback={null}><IncidentCard webhook={webhook} /></Suspense>}
      <DisablesSoon webhook={webhook} />
      {!webhook.enabled && (
        <Alert color="gray" title={t('page.disabled')}>
          <Group justify="space-between">
            <Text size="sm">{webhook.health.code !== 'disabled' ? `${healthText(webhook.health) ?? ''} ` : ''}{t('page.disabled_text', { count: webhook.health.pending })}</Text>
            {may.manage && <Button size="xs" variant="default" leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={() => setEnabling(true)}>{t('page.enable')}</Button>}
          </Group>
        </Alert>
      )}
      {enabling && <Suspense fallback={null}><EnableDialog webhook={webhook} onClose={() => setEnabling(false)} /></Suspense>}
      <Tabs
        value={tab}
        onChange={(next) => setSearch(next === 'overview' || next === null ? {} : { tab: next }, { replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="lg" className={tabStyles.list}>
          <Tabs.Tab value="overview">{t('page.overview')}</Tabs.Tab>
          <Tabs.Tab value="settings">{t('page.settings')}</Tabs.Tab>
          <Tabs.Tab value="secret">{t('page.secret')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="overview"><Suspense fallback={<Loading />}><OverviewTab webhook={webhook} /></Suspense></Tabs.Panel>
        <Tabs.Panel value="settings"><Suspense fallback={<Loading />}><SettingsPanel key={webhook.updated_at} webhook={webhook} /></Suspense></Tabs.Panel>
        <Tabs.Panel value="secret">
          <Suspense fallback={<Loading />}><SecretTab webhook={webhook} /></Suspense>
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

// An attempt of this webhook makes its figures be asked again: the webhook, its statistics, nothing else.
function useFreshness(id: string) {
  const client = useQueryClient();
  const again = useSeldom(() => client.invalidateQueries({ queryKey: webhookKey(id) }));
  const refresh = (delivery: { webhook_id: string }) => {
    if (delivery.webhook_id === id) again();
  };
  useStream({ onAttempt: refresh, onDelivery: refresh, onGap: again });
}

function Actions({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation('webhooks');
  const { t: tCommon } = useTranslation();
  const may = useMay();
  const client = useQueryClient();
  const go = useGo();
  const [dialog, setDialog] = useState<'enable' | 'disable' | 'copy' | 'delete' | null>(null);
  const { venues } = usePlaces();
  const path = { params: { path: { id: webhook.id } } };
  const close = () => setDialog(null);
  return (
    <>
      <Button variant="default" component={Link} to={`/deliveries?webhook_id=${webhook.id}`} leftSection={<IconListDetails size={16} aria-hidden />}>
        {t('page.deliveries')}
      </Button>
      {may.manage && (
        <ActionsMenu
          label={tCommon('actions')}
          actions={[
            webhook.enabled
              ? { label: t('page.disable'), icon: IconPlayerPause, onClick: () => setDialog('disable') }
              : { label: t('page.enable'), icon: IconPlayerPlay, onClick: () => setDialog('enable') },
            ...(venuesBeyond(webhook.scope, venues).length > 0 ? [{ label: t('page.copy'), icon: IconCopy, onClick: () => setDialog('copy') }] : []),
            { label: tCommon('delete'), icon: IconTrash, grave: true, onClick: () => setDialog('delete') },
          ]}
        >
          {tCommon('actions')}
        </ActionsMenu>
      )}
      {dialog === 'enable' && <Suspense fallback={null}><EnableDialog webhook={webhook} onClose={close} /></Suspense>}
      {dialog === 'copy' && <Suspense fallback={null}><DuplicateDialog webhook={webhook} onClose={close} /></Suspense>}
      <ConfirmDialog
        opened={dialog === 'disable'}
        title={t('page.disable_title', { name: webhook.name })}
        text={t('page.disable_text')}
        confirm={t('page.disable')}
        onClose={close}
        onConfirm={async () => {
          await call(api.PATCH('/api/webhooks/{id}', { ...path, body: { enabled: false } }));
          await client.invalidateQueries({ queryKey: webhooksKey });
        }}
      />
      <ConfirmDialog
        opened={dialog === 'delete'}
        danger
        title={t('page.delete_title', { name: webhook.name })}
        text={t('page.delete_text', { count: webhook.health.pending })}
        confirm={tCommon('delete')}
        onClose={close}
        onConfirm={async () => {
          await call(api.DELETE('/api/webhooks/{id}', path));
          await go('/webhooks');
          client.removeQueries({ queryKey: webhookKey(webhook.id) });
          await client.invalidateQueries({ queryKey: webhooksKey });
          notifyDone(t('page.deleted'));
        }}
      />
    </>
  );
}
