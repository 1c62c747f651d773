// Settings > Integrations: the keys for programs that call the API, and the webhooks that tell other programs.
import { useEffect } from 'react';

import { useProgress } from '@/context/progress';
import { useMay } from '@/context/session';
import { Page } from '@/parts/Page';
import { useTranslation } from '@/texts/translation';
import { ApiKeysPanel } from './api_keys/ApiKeysPanel';
import { WebhooksPanel } from './WebhooksPanel';

export function IntegrationsPage() {
  const { t } = useTranslation('settings');
  const { mark } = useProgress();
  const may = useMay();
  useEffect(() => mark('settings_opened'));
  return (
    <Page title={t('integrations.title')} text={t('integrations.text')}>
      {may.manage && <ApiKeysPanel />}
      <WebhooksPanel />
    </Page>
  );
}
