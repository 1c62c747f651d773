// A webhook that was just made: its secret to copy, and a test event whose result shows right there.
import { Alert, Button, Group } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useParams } from 'react-router';

import { Link } from '@/context/links';
import { useProgress } from '@/context/progress';
import { ErrorState } from '@/parts/ErrorState';
import { Loading } from '@/parts/Loading';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { Secret } from '@/parts/Secret';
import { useWebhook } from '@/queries/webhooks';
import { useTranslation } from '@/texts/translation';
import { justMade } from './just_made';
import { SecretPanel } from './SecretPanel';
import { TestEvent } from './TestEvent';

export function MadeWebhookPage() {
  const { t } = useTranslation('webhooks');
  const { t: tActs } = useTranslation('webhook_acts');
  const { id = '' } = useParams();
  const { mark } = useProgress();
  const webhook = useWebhook(id);
  const back = { to: '/webhooks', label: t('list.title') };
  const secret = justMade.get(id);
  const made = webhook.data;
  if (made) {
    return (
      <Page title={t('new.made', { name: made.name })} back={back} narrow>
        <Alert color="teal" icon={<IconCircleCheck size={18} aria-hidden />} role="status">{t('new.made_text')}</Alert>
        {secret === undefined ? (
          <SecretPanel webhook={made} />
        ) : (
          <Panel title={tActs('secret.title')}><Secret label={tActs('secret.title')} text={t('new.secret_text')} value={secret} onCopy={() => mark('secret_copied')} /></Panel>
        )}
        <Panel title={t('test.title')} text={t('test.text')}><TestEvent webhook={made} /></Panel>
        <Group justify="flex-end"><Button component={Link} to={`/webhooks/${made.id}`}>{t('new.open')}</Button></Group>
      </Page>
    );
  }
  return <Page title={t('page.title')} back={back}><Panel>{webhook.error ? <ErrorState error={webhook.error} /> : <Loading />}</Panel></Page>;
}
