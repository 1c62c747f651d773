// Who may use the dashboard, with which role and for what.
import { ActionIcon, Badge, Button, Group, Menu, Stack, Text } from '@mantine/core';
import { IconDots, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';

import { api, call } from '@/api/client';
import type { User } from '@/api/schema';
import { useUser } from '@/app/session';
import { ConfirmDialog } from '@/parts/ConfirmDialog';
import { type Column, DataTable } from '@/parts/DataTable';
import { useListQuery } from '@/parts/list_query';
import { notifyDone } from '@/parts/notify';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { ScopeName } from '@/parts/ScopeName';
import { SearchedList } from '@/parts/SearchedList';
import { Time } from '@/parts/Time';
import { usersKey, userSorts, useUserPage } from '@/queries/users';
import { useTranslation } from '@/texts/translation';
import { UserDialog } from './UserDialog';

const roleColors = { administrator: 'ink', manager: 'teal', viewer: 'gray' } as const;

type Open = { dialog: 'new' } | { dialog: 'edit' | 'delete'; user: User };

export function UsersPage() {
  const { t } = useTranslation('settings');
  const { t: tCommon } = useTranslation();
  const client = useQueryClient();
  const me = useUser();
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const list = useListQuery({ sorts: userSorts });
  const users = useUserPage(list.query);
  const columns = useMemo<Column<User>[]>(
    () => [
      {
        id: 'name',
        header: t('name'),
        sort: 'name',
        cell: (user) => (
          <Stack gap={0}>
            <Group gap="xs" display="inline-flex">
              <Text fw={600} inherit>{user.name}</Text>
              {user.id === me.id && <Badge color="gray">{t('users.you')}</Badge>}
            </Group>
            <Text size="sm" c="dimmed">{user.email}</Text>
          </Stack>
        ),
      },
      { id: 'role', header: t('users.role'), cell: (user) => <Badge color={roleColors[user.role]}>{tCommon(`role.${user.role}`)}</Badge> },
      { id: 'scope', header: t('scope'), cell: (user) => <ScopeName scope={user.scope} /> },
      {
        id: 'seen',
        header: t('users.last_signed_in'),
        sort: 'last_signed_in_at',
        cell: ({ last_signed_in_at: at }) => (at === null ? <Text c="dimmed" inherit>{t('users.never')}</Text> : <Time at={at} style="ago" />),
      },
      {
        id: 'actions',
        header: null,
        align: 'end',
        cell: (user) => (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={t('actions_of', { name: user.name })}><IconDots size={18} aria-hidden /></ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setOpen({ dialog: 'edit', user })}>{tCommon('edit')}</Menu.Item>
              {user.id !== me.id && (
                <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => setOpen({ dialog: 'delete', user })}>{tCommon('delete')}</Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        ),
      },
    ],
    [t, tCommon, me.id],
  );
  const remove = async (user: User) => {
    await call(api.DELETE('/api/users/{id}', { params: { path: { id: user.id } } }));
    await client.invalidateQueries({ queryKey: usersKey });
    notifyDone(t('users.deleted'));
  };
  return (
    <Page
      title={t('users.title')}
      text={t('users.text')}
      actions={<Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen({ dialog: 'new' })}>{t('users.new')}</Button>}
    >
      <Panel flush>
        <SearchedList label={t('users.search')} list={list} rows={users} empty={null}>
          {(rows) => <DataTable label={t('users.title')} columns={columns} rows={rows} rowId={({ id }) => id} sort={list.sort} onSort={list.orderBy} />}
        </SearchedList>
      </Panel>
      {open?.dialog === 'new' && <UserDialog user={null} onClose={close} />}
      {open?.dialog === 'edit' && <UserDialog user={open.user} onClose={close} />}
      {open?.dialog === 'delete' && (
        <ConfirmDialog
          opened
          danger
          title={t('users.delete_title', { name: open.user.name })}
          text={t('users.delete_text')}
          confirm={tCommon('delete')}
          onClose={close}
          onConfirm={() => remove(open.user)}
        />
      )}
    </Page>
  );
}
