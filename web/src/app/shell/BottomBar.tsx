// On a phone: the pages that a manager is on, under the thumb.
import { UnstyledButton } from '@mantine/core';
import { IconAddressBook, IconHome, IconListDetails, IconMenu2, IconWebhook } from '@tabler/icons-react';
import { useLocation } from 'react-router';

import { Link } from '@/context/links';
import { withoutPlace } from '@/context/place_path';
import { useTranslation } from '@/texts/translation';
import styles from './Shell.module.css';

const entries = [
  { to: '/', label: 'home_page', icon: IconHome },
  { to: '/webhooks', label: 'webhooks', icon: IconWebhook },
  { to: '/deliveries', label: 'deliveries', icon: IconListDetails },
  { to: '/contacts', label: 'contacts', icon: IconAddressBook },
] as const;

export function BottomBar({ opened, onMore }: { opened: boolean; onMore: () => void }) {
  const { t } = useTranslation();
  const here = withoutPlace(useLocation().pathname);
  return (
    <nav className={styles.bottom} aria-label={t('navigation.main')}>
      {entries.map(({ to, label, icon: Glyph }) => (
        <Link key={to} to={to} className={styles.thumb} aria-current={here === to || (to !== '/' && here.startsWith(`${to}/`)) ? 'page' : undefined}>
          <Glyph size={22} stroke={1.7} aria-hidden />
          <span>{t(`navigation.${label}`)}</span>
        </Link>
      ))}
      <UnstyledButton className={styles.thumb} onClick={onMore} aria-expanded={opened}>
        <IconMenu2 size={22} stroke={1.7} aria-hidden />
        <span>{t('navigation.menu')}</span>
      </UnstyledButton>
    </nav>
  );
}
