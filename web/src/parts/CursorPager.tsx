// Next and previous page of a list that the server gives by cursor. `useCursor` keeps the way back.
import { Button, Group, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useLocation, useNavigate } from 'react-router';

import { useTranslation } from '@/texts/translation';

export interface CursorState {
  // Undefined on the first page.
  cursor: string | undefined;
  page: number;
  next: (cursor: string) => void;
  previous: () => void;
}

// `key` names what is listed (the filters): another one begins at the first page. The page stays with the entry of the
// browser's history: Back and a reload come to the same one.
export function useCursor(key: string): CursorState {
  const location = useLocation();
  const navigate = useNavigate();
  const kept = (location.state as { paging?: { key: string; cursors: string[] } } | null)?.paging;
  const cursors = kept?.key === key ? kept.cursors : [];
  const go = (next: string[]) => void navigate(location.pathname + location.search, { state: { paging: { key, cursors: next } } });
  return {
    cursor: cursors.at(-1),
    page: cursors.length + 1,
    next: (cursor) => go([...cursors, cursor]),
    previous: () => go(cursors.slice(0, -1)),
  };
}

export function CursorPager({ state, nextCursor }: { state: CursorState; nextCursor: string | null }) {
  const { t } = useTranslation();
  if (state.page === 1 && nextCursor === null) return null;
  return (
    <Group justify="flex-end" px="lg" py="md" gap="sm" component="nav" aria-label={t('pager.label')}>
      <Text size="sm" c="dimmed">{t('pager.page', { page: state.page })}</Text>
      <Button variant="default" size="xs" disabled={state.page === 1} onClick={state.previous} leftSection={<IconChevronLeft size={14} aria-hidden />}>
        {t('pager.previous')}
      </Button>
      <Button
        variant="default"
        size="xs"
        disabled={nextCursor === null}
        onClick={() => nextCursor !== null && state.next(nextCursor)}
        rightSection={<IconChevronRight size={14} aria-hidden />}
      >
        {t('pager.next')}
      </Button>
    </Group>
  );
}
