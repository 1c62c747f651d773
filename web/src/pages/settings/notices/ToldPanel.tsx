// A list of what a channel was told, and when; what waits, and why.
import { Text } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import { api, call } from '@/api/client';
import type { Notice, NoticeChannel } from '@/api/schema';
import { Badge } from '@/parts/Badge';
import { CursorPager, useCursor } from '@/parts/CursorPager';
import { type Column, DataTable } from '@/parts/DataTable';
import { EmptyState } from '@/parts/EmptyState';
import { Loaded } from '@/parts/Loaded';
import { Panel } from '@/parts/Panel';
import { Time } from '@/parts/Time';
import { useTranslation } from '@/texts/translation';
import { useCauseText } from './cause_text';
import { useFaultText } from './fault_text';
import { noticesKey } from './keys';

const pageSize = 20;
const refreshMs = 3_000;
const colors = { sent: 'teal', waiting: 'orange', failed: 'red' } as const;

export function ToldPanel({ channel }: { channel: NoticeChannel }) {
  const { t } = useTranslation('notices');
  const causeText = useCauseText();
  const faultText = useFaultText();
  const cursor = useCursor(`told ${channel.id}`);
  const notices = useQuery({
    queryKey: [...noticesKey(channel.id), cursor.cursor],
    queryFn: () =>
      call(api.GET('/api/notice-channels/{id}/notices', { params: { path: { id: channel.id }, query: { limit: pageSize, cursor: cursor.cursor } } })),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  });
  const columns = useMemo<Column<Notice>[]>(
    () => [
      { id: 'at', header: t('told.at'), phone: 'line', cell: ({ sent_at, due_at }) => <Time at={sent_at ?? due_at} /> },
      { id: 'event', header: t('told.event'), phone: 'title', cell: ({ event }) => t(`events.${event}`) },
      { id: 'webhook', header: t('told.webhook'), phone: 'line', cell: ({ webhook }) => webhook?.name ?? '' },
      { id: 'state', header: t('told.state'), phone: 'aside', cell: ({ state }) => <Badge color={colors[state]}>{t(`states.${state}`)}</Badge> },
      {
        id: 'error',
        header: t('told.details'),
        phone: 'line',
        cell: (notice) => {
          const text = notice.error === null ? causeText(notice) : faultText(notice);
          return text && <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>{text}</Text>;
        },
      },
    ],
    [t, causeText, faultText],
  );
  return (
    <Panel title={t('told.title', { name: channel.name })} flush mt="lg">
      <Loaded query={notices}>
        {({ data, next_cursor }) =>
          data.length === 0 ? (
            <EmptyState icon={IconBell} title={t('told.empty')} text={t('told.empty_text')} />
          ) : (
            <>
              <DataTable label={t('told.title', { name: channel.name })} columns={columns} rows={data} rowId={({ id }) => id} />
              <CursorPager state={cursor} nextCursor={next_cursor} />
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}
