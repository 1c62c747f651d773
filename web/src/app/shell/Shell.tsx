// The frame of every page of a signed-in user: header, navigation, the notice that the server is gone.
import { Box, Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconMapOff } from '@tabler/icons-react';
import clsx from 'clsx';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { Link as RouterLink, Outlet, useLocation } from 'react-router';
import { useScroll } from '@/app/scroll';
import { useSessionExpired } from '@/context/expired_session';
import { Link } from '@/context/links';

import { PlacesProvider, usePlaces } from '@/context/place';
import { Brand } from '@/parts/Brand';
import { EmptyState } from '@/parts/EmptyState';
import { ErrorState } from '@/parts/ErrorState';
import { Loading } from '@/parts/Loading';
import { Page } from '@/parts/Page';
import { useGroups, useVenues } from '@/queries/venues';
import { useTranslation } from '@/texts/translation';
import { BottomBar } from './BottomBar';
import { LanguageButton } from './LanguageButton';
import { Navigation } from './Navigation';
import { OfflineBanner } from './OfflineBanner';
import { PlaceButton } from './PlaceButton';
import { SchemeButton } from './SchemeButton';
import styles from './Shell.module.css';
import { Shortcuts } from './Shortcuts';
import { UserButton } from './UserButton';

// Comes when it is needed: with forms it weighs more than the rest of the shell.
const SignInAgain = lazy(async () => ({ default: (await import('./SignInAgain')).SignInAgain }));

const mainId = 'main';

// By this name the scroll lock of dialogs keeps what is fixed where it is, when the scroll bar goes (react-remove-scroll-bar).
const besideScrollBar = 'right-scroll-bar-position';

export function Shell() {
  const { t } = useTranslation();
  const [opened, { toggle, close }] = useDisclosure();
  const venues = useVenues();
  const groups = useGroups();
  const expired = useSessionExpired();
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();

  // Another page: the drawer closes, and the keyboard and the reader begin at its heading, unless somebody types in a dialog
  // already: a page may come a while after it was asked for.
  useEffect(() => close(), [pathname, close]);
  useScroll(() => {
    if (document.activeElement?.closest('[data-keeps-focus]')) return;
    (main.current?.querySelector<HTMLElement>('h1') ?? main.current)?.focus({ preventScroll: true });
  });

  const failed = venues.error ?? groups.error;
  if (!venues.data || !groups.data) {
    if (!failed) return <Loading />;
    return <ErrorState error={failed} retry={() => void Promise.all([venues.refetch(), groups.refetch()])} />;
  }
  return (
    <PlacesProvider venues={venues.data} groups={groups.data}>
      {expired && <Suspense><SignInAgain /></Suspense>}
      <a className={styles.skip} href={`#${mainId}`}>{t('skip')}</a>
      <header className={clsx(styles.header, besideScrollBar)}>
        <Link to="/" className={styles.brand} aria-label={t('navigation.home')}><Brand /></Link>
        <Box ml={{ base: 0, sm: 'lg' }} flex="1 1 auto" miw={0}><PlaceButton /></Box>
        <Shortcuts />
        <Box visibleFrom="sm"><LanguageButton /></Box>
        <Box visibleFrom="sm"><SchemeButton /></Box>
        <UserButton />
      </header>
      <div className={clsx(styles.navigation, !opened && styles.closed)}><Navigation onFollow={close} /></div>
      <main className={styles.main} id={mainId} ref={main} tabIndex={-1} style={{ outline: 'none' }}>
        <OfflineBanner />
        <Suspense fallback={<Loading />}><InPlace /></Suspense>
      </main>
      <BottomBar opened={opened} onMore={toggle} />
    </PlacesProvider>
  );
}

// The page, where there is a place for it.
function InPlace() {
  const { t } = useTranslation();
  const { unknown } = usePlaces();
  if (!unknown) return <Outlet />;
  return (
    <Page title={t('place.unknown')}>
      <EmptyState icon={IconMapOff} title={t('place.unknown')} text={t('place.unknown_text')}>
        <Button component={RouterLink} to="/">{t('place.all')}</Button>
      </EmptyState>
    </Page>
  );
}
