// Deliveries as they happen, newest first, filtered; the way to one of them, and to sending many again.
import { Button, Group, Switch } from '@mantine/core';
import { IconArrowUp, IconListDetails, IconRefresh } from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { placeQuery, usePlaces } from '@/app/place';
import { useMay } from '@/app/session';
import { CursorPager, useCursor } from '@/parts/CursorPager';
import { DeliveryTable } from '@/parts/deliveries/DeliveryTable';
import { EmptyState } from '@/parts/EmptyState';
import { Loaded } from '@/parts/Loaded';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { useDeliveries } from '@/queries/deliveries';
import styles from './DeliveriesPage.module.css';
import { useFilter } from './filter';
import { FilterBar } from './FilterBar';
import { useLiveList } from './live_list';
import { SendAgainDialog } from './SendAgainDialog';


export function DeliveriesPage() {
  const { t } = useTranslation('deliveries');
  const may = useMay();
  const { filter, change, clear } = useFilter();
  const [live, setLive] = useState(true);
  const [sending, setSending] = useState(false);
  const { place } = usePlaces();
  const paging = useCursor(`${place?.kind} ${place?.id} ${JSON.stringify(filter)}`);
  const whole = { ...placeQuery(place), ...filter };
  const deliveries = useDeliveries(whole, paging.cursor);
  const at = useRef(false);
  const venues = useMemo(() => new Set(place?.venues.map(({ id }) => id)), [place]);
  const news = useLiveList({
    enabled: live && paging.page === 1,
    filter: whole,
    venues,
    shown: deliveries.data?.data ?? [],
    isBusy: () => at.current || scrollY > 0,
  });
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
              <div onPointerEnter={() => { at.current = true; }} onPointerLeave={() => { at.current = false; }}>
                {news.count > 0 && (
                  <Group justify="center" align="flex-start" className={styles.news}>
                    <Button size="compact-sm" radius="xl" leftSection={<IconArrowUp size={14} aria-hidden />} onClick={() => { news.show(); scrollTo({ top: 0 }); }}>
                      {t('list.new', { count: news.count })}
                    </Button>
                  </Group>
                )}
                <DeliveryTable deliveries={page.data} />
                <CursorPager state={paging} nextCursor={page.next_cursor} />
              </div>
            )
          }
        </Loaded>
      </Panel>
      {sending && <SendAgainDialog filter={filter} onClose={() => setSending(false)} />}
    </Page>
  );
}
