// Deliveries as they happen, newest first, filtered; the way to one of them, and to sending many again.
import { Button, Switch } from '@mantine/core';
import { IconListDetails, IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useStream } from '@/api/stream';
import { useMay } from '@/app/session';
import { CursorPager, useCursor } from '@/parts/CursorPager';
import { DeliveryTable } from '@/parts/deliveries/DeliveryTable';
import { EmptyState } from '@/parts/EmptyState';
import { Loaded } from '@/parts/Loaded';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { deliveriesKey, useDeliveries } from '@/queries/deliveries';
import { useFilter } from './filter';
import { FilterBar } from './FilterBar';
import { SendAgainDialog } from './SendAgainDialog';

// However much happens, the list is asked again no oftener than this.
const liveMs = 1_000;

export function DeliveriesPage() {
  const { t } = useTranslation('deliveries');
  const may = useMay();
  const { filter, change, clear } = useFilter();
  const [live, setLive] = useState(true);
  const [sending, setSending] = useState(false);
  const paging = useCursor(JSON.stringify(filter));
  const deliveries = useDeliveries(filter, paging.cursor);
  useLive(live && paging.page === 1);
  const filtered = Object.keys(filter).length > 0;
  return (
    <Page
      title={t('list.title')}
      text={t('list.text')}
      actions={
        <>
          <Switch label={t('list.live')} checked={live} onChange={({ currentTarget }) => setLive(currentTarget.checked)} />
          {may.manage && (
            <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => setSending(true)}>{t('again.button')}</Button>
          )}
        </>
      }
    >
      <FilterBar filter={filter} change={change} clear={filtered ? clear : undefined} />
      <Panel flush>
        <Loaded query={deliveries}>
          {(page) =>
            page.data.length === 0 ? (
              <EmptyState
                icon={IconListDetails}
                title={t(filtered ? 'list.none' : 'list.empty')}
                text={t(filtered ? 'list.none_text' : 'list.empty_text')}
              >
                {filtered && <Button variant="default" onClick={clear}>{t('filter.clear')}</Button>}
              </EmptyState>
            ) : (
              <>
                <DeliveryTable deliveries={page.data} />
                <CursorPager state={paging} nextCursor={page.next_cursor} />
              </>
            )
          }
        </Loaded>
      </Panel>
      {sending && <SendAgainDialog filter={filter} onClose={() => setSending(false)} />}
    </Page>
  );
}

// Asks again when something happened, once for all that happens within a second.
function useLive(enabled: boolean) {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const refresh = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void client.invalidateQueries({ queryKey: deliveriesKey });
    }, liveMs);
  };
  useStream({ onDelivery: refresh, onAttempt: refresh, onGap: refresh }, enabled);
}
