// Who may use the dashboard, with which role and for what.
import { Button } from '@mantine/core';
import { IconDeviceLaptop, IconLink, IconPencil, IconPlus, IconShieldOff, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';

import { api, call } from '@/api/client';
import type { User, UserLink } from '@/api/schema';
import { useUser } from '@/context/session';
import { ActionsMenu } from '@/parts/ActionsMenu';
import { Badge } from '@/parts/Badge';
import cells from '@/parts/cells.module.css';
import { ConfirmDialog } from '@/parts/ConfirmDialog';
import { type Column, DataTable } from '@/parts/DataTable';
import { useListQuery } from '@/parts/list_query';
import { notifyDone } from '@/parts/notify';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { ScopeName } from '@/parts/ScopeName';
import { SearchedList } from '@/parts/SearchedList';
import { Time, useNow } from '@/parts/Time';
import { usersKey, userSorts, useUserPage } from '@/queries/users';
import { useTranslation } from '@/texts/translation';

// Comes when it is opened.
const LinkDialog = lazy(async () => ({ default: (await import('./LinkDialog')).LinkDialog }));
const SessionsDialog = lazy(async () => ({ default: (await import('./SessionsDialog')).SessionsDialog }));
const UserDialog = lazy(async () => ({ default: (await import('./UserDialog')).UserDialog }));

const roleColors = { administrator: 'ink', manager: 'teal', viewer: 'gray' } as const;

type Open = { dialog: 'new' } | { dialog: 'edit' | 'delete' | 'link' | 'sessions' | 'second_factor'; user: User } | { dialog: 'invited'; user: User; link: UserLink };

export function UsersPage() {
  const { t } = useTranslation('settings');
  const { t: tUsers } = useTranslation('users');
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
        phone: 'title',
        sort: 'name',
        cell: (user) => (
          <div className={cells.lines}>
            <span className={cells.row}>
              <span className={cells.strong}>{user.name}</span>
              {user.id === me.id && <Badge color="gray">{tUsers('you')}</Badge>}
              <UserState user={user} />
            </span>
            <span className={cells.faint}>{user.email}</span>
          </div>
        ),
      },
      { id: 'role', header: tUsers('role'), cell: (user) => <Badge color={roleColors[user.role]}>{tCommon(`role.${user.role}`)}</Badge> },
      { id: 'scope', header: t('scope'), cell: (user) => <ScopeName scope={user.scope} /> },
      {
        id: 'seen',
        header: tUsers('last_signed_in'),
        sort: 'last_signed_in_at',
        cell: ({ last_signed_in_at: at }) => (at === null ? <span className={cells.faint}>{tUsers('never')}</span> : <Time at={at} style="ago" />),
      },
      {
        id: 'actions',
        header: null,
        align: 'end',
        cell: (user) => (
          <ActionsMenu
            label={t('actions_of', { name: user.name })}
            actions={[
              { label: tCommon('edit'), icon: IconPencil, onClick: () => setOpen({ dialog: 'edit', user }) },
              { label: tUsers(user.state === 'invited' ? 'invite_again' : 'reset'), icon: IconLink, onClick: () => setOpen({ dialog: 'link', user }) },
              { label: tUsers('sessions'), icon: IconDeviceLaptop, onClick: () => setOpen({ dialog: 'sessions', user }) },
              ...(user.second_factor && user.id !== me.id ? [{ label: tUsers('second_factor_off'), icon: IconShieldOff, onClick: () => setOpen({ dialog: 'second_factor', user }) }] : []),
              ...(user.id !== me.id ? [{ label: tCommon('delete'), icon: IconTrash, grave: true, onClick: () => setOpen({ dialog: 'delete', user }) }] : []),
            ]}
          />
        ),
      },
    ],
    [t, tUsers, tCommon, me.id],
  );
  const remove = async (user: User) => {
    await call(api.DELETE('/api/users/{id}', { params: { path: { id: user.id } } }));
    await client.invalidateQueries({ queryKey: usersKey });
    notifyDone(tUsers('deleted'));
  };
  const switchOff = async (user: User) => {
    await call(api.DELETE('/api/users/{id}/second-factor', { params: { path: { id: user.id } } }));
    await client.invalidateQueries({ queryKey: usersKey });
    notifyDone(tCommon('saved'));
  };
  return (
    <Page
      title={tUsers('title')}
      text={tUsers('text')}
      actions={<Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen({ dialog: 'new' })}>{tUsers('new')}</Button>}
    >
      <Panel flush>
        <SearchedList label={tUsers('search')} list={list} rows={users} empty={null}>
          {(rows) => <DataTable label={tUsers('title')} columns={columns} rows={rows} rowId={({ id }) => id} sort={list.sort} onSort={list.orderBy} />}
        </SearchedList>
      </Panel>
      {open?.dialog === 'new' && <Suspense><UserDialog user={null} onClose={close} onInvited={(user, link) => setOpen({ dialog: 'invited', user, link })} /></Suspense>}
      {open?.dialog === 'invited' && <Suspense><LinkDialog user={open.user} made={open.link} onClose={close} /></Suspense>}
      {open?.dialog === 'link' && <Suspense><LinkDialog user={open.user} onClose={close} /></Suspense>}
      {open?.dialog === 'sessions' && <Suspense><SessionsDialog user={open.user} onClose={close} /></Suspense>}
      {open?.dialog === 'second_factor' && (
        <ConfirmDialog
          opened
          danger
          title={tUsers('second_factor_title', { name: open.user.name })}
          text={tUsers('second_factor_text')}
          confirm={tUsers('second_factor_off')}
          onClose={close}
          onConfirm={() => switchOff(open.user)}
        />
      )}
      {open?.dialog === 'edit' && <Suspense><UserDialog user={open.user} onClose={close} /></Suspense>}
      {open?.dialog === 'delete' && (
        <ConfirmDialog
          opened
          danger
          title={tUsers('delete_title', { name: open.user.name })}
          text={tUsers('delete_text')}
          confirm={tCommon('delete')}
          onClose={close}
          onConfirm={() => remove(open.user)}
        />
      )}
    </Page>
  );
}

// A badge says what keeps a user from signing in as usual.
function UserState({ user }: { user: User }) {
  const { t } = useTranslation('users');
  const now = useNow(60_000);
  if (user.state === 'invited') {
    const waits = user.link !== null && user.link.expires_at > now;
    return <Badge color={waits ? 'yellow' : 'red'}>{t(waits ? 'invited' : 'invitation_over')}</Badge>;
  }
  return user.second_factor ? <Badge color="teal">{t('second_factor')}</Badge> : null;
}
