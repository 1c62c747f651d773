// How a webhook is doing: its figures, what waits, a test, and what it missed.
import { lazy, Suspense } from 'react';

import type { Webhook } from '@/api/schema';
import { useMay } from '@/context/session';
import { Loading } from '@/parts/Loading';
import { Panel } from '@/parts/Panel';
import { useInboxOf } from '@/queries/inboxes';
import { useTranslation } from '@/texts/translation';
import { MissedPanel } from './MissedPanel';
import { OwedPanel } from './OwedPanel';
import { SendNow } from './SendNow';
import { StatisticsPanel } from './StatisticsPanel';
import { TestEvent } from './TestEvent';

export { IncidentCard } from './IncidentCard';

const InboxPanel = lazy(async () => ({ default: (await import('@/parts/inboxes/InboxPanel')).InboxPanel }));

export function OverviewTab({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation('webhooks');
  const may = useMay();
  const inbox = useInboxOf(webhook.url);
  return (
    <>
      <StatisticsPanel webhook={webhook} />
      <OwedPanel webhook={webhook} mt="lg" />
      {inbox && <Suspense fallback={<Loading />}><InboxPanel inbox={inbox} mt="lg" /></Suspense>}
      {may.manage && (
        <Panel title={t('test.title')} text={t('test.text')} mt="lg"><TestEvent webhook={webhook} whenDelivered={<SendNow webhook={webhook} />} /></Panel>
      )}
      {may.manage && <MissedPanel webhook={webhook} mt="lg" />}
    </>
  );
}
