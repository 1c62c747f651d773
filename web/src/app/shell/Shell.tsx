// What stands around every page of a signed-in user: header, navigation, the notice that the server is gone.
import { AppShell, Box, Burger } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import clsx from 'clsx';
import { Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet, useLocation } from 'react-router';

import { PlacesProvider } from '@/app/place';
import { ErrorState } from '@/parts/ErrorState';
import { Loading } from '@/parts/Loading';
import { useGroups, useVenues } from '@/queries/venues';
import { Brand } from './Brand';
import { LanguageMenu } from './LanguageMenu';
import { Navigation } from './Navigation';
import { OfflineBanner } from './OfflineBanner';
import { PlaceChooser } from './PlaceChooser';
import { SchemeMenu } from './SchemeMenu';
import styles from './Shell.module.css';
import { UserMenu } from './UserMenu';

const mainId = 'main';

export function Shell() {
  const { t } = useTranslation();
  const [opened, { toggle, close }] = useDisclosure();
  const venues = useVenues();
  const groups = useGroups();
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();

  // Another page: the drawer closes, and the keyboard and the reader begin at its top.
  const first = useRef(true);
  useEffect(() => {
    close();
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
    scrollTo({ top: 0 });
  }, [pathname, close]);

  const failed = venues.error ?? groups.error;
  if (!venues.data || !groups.data) {
    if (!failed) return <Loading />;
    return <ErrorState error={failed} retry={() => void Promise.all([venues.refetch(), groups.refetch()])} />;
  }
  return (
    <PlacesProvider venues={venues.data} groups={groups.data}>
      <a className={styles.skip} href={`#${mainId}`}>{t('skip')}</a>
      <AppShell header={{ height: 56 }} navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }} padding="lg">
        <AppShell.Header className={styles.header}>
          <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('navigation.menu')} aria-expanded={opened} />
          <Link to="/" className={styles.brand} aria-label={t('navigation.home')}><Brand /></Link>
          <Box ml={{ base: 0, sm: 'lg' }} flex="1 1 auto" miw={0}><PlaceChooser /></Box>
          <Box visibleFrom="sm"><LanguageMenu /></Box>
          <Box visibleFrom="sm"><SchemeMenu /></Box>
          <UserMenu />
        </AppShell.Header>
        <AppShell.Navbar className={clsx(styles.navigation, !opened && styles.closed)}><Navigation onFollow={close} /></AppShell.Navbar>
        <AppShell.Main id={mainId} ref={main} tabIndex={-1} style={{ outline: 'none' }}>
          <OfflineBanner />
          <Suspense fallback={<Loading />}><Outlet /></Suspense>
        </AppShell.Main>
      </AppShell>
    </PlacesProvider>
  );
}
