import { NavLink, ScrollArea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { NavLink as RouterLink, useLocation } from 'react-router';

import { navigation } from '@/app/navigation';
import { useMay } from '@/app/session';
import styles from './Shell.module.css';

export function Navigation({ onFollow }: { onFollow: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const { pathname } = useLocation();
  return (
    <ScrollArea component="nav" aria-label={t('navigation.label')}>
      {navigation.map(({ label, entries }) => (
        <div key={label ?? 'first'} role="group" aria-label={label ? t(`navigation.${label}`) : undefined}>
          {label && <div className={styles.group} aria-hidden>{t(`navigation.${label}`)}</div>}
          {entries.filter(({ needs }) => needs === undefined || may[needs]).map(({ to, label: key, icon: Glyph }) => (
            <NavLink
              key={to}
              component={RouterLink}
              to={to}
              className={styles.link}
              active={pathname === to || pathname.startsWith(`${to}/`)}
              label={t(`navigation.${key}`)}
              leftSection={<Glyph size={18} stroke={1.7} aria-hidden />}
              onClick={onFollow}
            />
          ))}
        </div>
      ))}
    </ScrollArea>
  );
}
