// A delivery's payload: to be read, as the very bytes that were signed, and as a command that sends it.
import { Stack, Tabs, Text } from '@mantine/core';

import type { DeliveryDetail } from '@/api/schema';
import { Code } from '@/parts/Code';
import { JsonTree } from '@/parts/json/JsonTree';
import { Panel } from '@/parts/Panel';
import { SignatureBench } from '@/parts/signature/SignatureBench';
import tabStyles from '@/parts/tabs.module.css';
import { useTranslation } from '@/texts/translation';
import { curlOf } from './curl';

export function Payload({ delivery }: { delivery: DeliveryDetail }) {
  const { t } = useTranslation('deliveries');
  const { t: tBench } = useTranslation('bench');
  return (
    <Panel title={t('payload.title')}>
      <Tabs defaultValue="formatted" keepMounted={false}>
        <Tabs.List mb="md" className={tabStyles.list}>
          <Tabs.Tab value="formatted">{t('payload.formatted')}</Tabs.Tab>
          <Tabs.Tab value="raw">{t('payload.raw')}</Tabs.Tab>
          <Tabs.Tab value="curl">curl</Tabs.Tab>
          <Tabs.Tab value="bench">{tBench('title')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="formatted"><JsonTree label={t('payload.formatted')} text={delivery.payload} venueId={delivery.venue_id} /></Tabs.Panel>
        <Tabs.Panel value="raw">
          <Stack gap="xs">
            <Text size="sm" c="dimmed">{t('payload.raw_text')}</Text>
            <Code label={t('payload.raw')} wrap>{delivery.payload}</Code>
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="bench"><SignatureBench webhookId={delivery.webhook_id} body={delivery.payload} /></Tabs.Panel>
        <Tabs.Panel value="curl"><Code label="curl" wrap language="shell">{curlOf(delivery)}</Code></Tabs.Panel>
      </Tabs>
    </Panel>
  );
}
