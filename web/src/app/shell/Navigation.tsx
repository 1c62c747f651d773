import { useLocation } from 'react-router';

import { navigation } from '@/app/navigation';
import { Link } from '@/context/links';
import { withoutPlace } from '@/context/place_path';
import { useProgress } from '@/context/progress';
import { useMay } from '@/context/session';
import { useTranslation } from '@/texts/translation';
import styles from './Shell.module.css';

const isHere = (here: string, to: string) => here === to || (to !== '/' && here.startsWith(`${to}/`));

export function Navigation({ onFollow }: { onFollow: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  // Whoever closed the first steps knows them.
  const started = useProgress().has('strip_closed');
  const here = withoutPlace(useLocation().pathname);
  return (
    <nav className={styles.entries} aria-label={t('navigation.label')}>
      {navigation.map(({ label, entries }) => (
        <div key={label ?? 'first'} role="group" aria-label={label ? t(`navigation.${label}`) : undefined}>
          {label && <div className={styles.group} aria-hidden>{t(`navigation.${label}`)}</div>}
          {entries.filter(({ needs }) => needs === undefined || may[needs]).filter(({ to }) => !started || to !== '/getting-started').map(({ to, label: key, icon: Glyph }) => (
            <Link key={to} to={to} className={styles.link} aria-current={isHere(here, to) ? 'page' : undefined} onClick={onFollow}>
              <Glyph size={18} stroke={1.7} aria-hidden />
              {t(`navigation.${key}`)}
            </Link>
          ))}
        </div>
      ))}
    </nav>
  );
}
