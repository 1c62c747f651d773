// Text as it is, in a fixed width, with a button that copies it. Always inert: whatever a receiver sent is only text.
import clsx from 'clsx';

import { useTranslation } from '@/texts/translation';
import styles from './Code.module.css';
import { CopyButton } from './CopyButton';
import { type CodeLanguage, highlight } from './highlight';
import { ShareButton } from './ShareButton';

interface CodeProps {
  children: string;
  // Says what it is, for people who do not see it.
  label: string;
  wrap?: boolean;
  // Absent: without colours.
  language?: CodeLanguage;
  // It is for somebody else: a phone can hand it to another app.
  share?: boolean;
  onCopy?: () => void;
}

export function Code({ children, label, wrap = false, language, share = false, onCopy }: CodeProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.block}>
      {/* It scrolls, so the keyboard must reach it. */}
      <pre className={clsx(styles.text, wrap && styles.wrapped)} tabIndex={0} role="region" aria-label={label}>
        <code>
          {language === undefined
            ? children
            : highlight(children, language).map(({ kind, text }, index) => (kind === null ? text : <span key={index} className={styles[kind]}>{text}</span>))}
        </code>
      </pre>
      <div className={styles.copy}>{share && <ShareButton title={label} text={children} />}<CopyButton value={children} label={t('copy_what', { what: label })} onCopy={onCopy} /></div>
    </div>
  );
}
