// Next and previous page of a list that the server gives by cursor. `useCursor` keeps the way back.
import { Button, Group, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

export interface CursorState {
  // Undefined on the first page.
  cursor: string | undefined;
  page: number;
  next: (cursor: string) => void;
  previous: () => void;
}

// `key` names what is listed (the filters): another one begins at the first page.
export function useCursor(key: string): CursorState {
  const [state, setState] = useState<{ key: string; cursors: string[] }>({ key, cursors: [] });
  const cursors = state.key === key ? state.cursors : [];
  return {
    cursor: cursors.at(-1),
    page: cursors.length + 1,
    next: (cursor) => setState({ key, cursors: [...cursors, cursor] }),
    previous: () => setState({ key, cursors: cursors.slice(0, -1) }),
  };
}

export function CursorPager({ state, nextCursor }: { state: CursorState; nextCursor: string | null }) {
  const { t } = useTranslation();
  if (state.page === 1 && nextCursor === null) return null;
  return (
    <Group justify="flex-end" p="md" gap="sm" component="nav" aria-label={t('pager.label')}>
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
