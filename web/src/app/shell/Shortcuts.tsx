// These keys work on every page: Ctrl-K to go somewhere, "?" for the list of keys; and the button that does the first.
import { ActionIcon, Kbd, UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';

import { useTranslation } from '@/texts/translation';
import styles from './Shell.module.css';

const Palette = lazy(async () => ({ default: (await import('./Palette')).Palette }));
const KeysDialog = lazy(async () => ({ default: (await import('./KeysDialog')).KeysDialog }));

const isTyping = (target: EventTarget | null) => target instanceof Element && target.closest('input, textarea, select, [contenteditable], [role=dialog]') !== null;

export function Shortcuts() {
  const { t } = useTranslation();
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
        event.preventDefault();
        setOpen((before) => (before === 'palette' ? null : 'palette'));
      } else if (event.key === '?' && !isTyping(event.target)) {
        event.preventDefault();
        setOpen('keys');
      }
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
  const close = () => setOpen(null);
  return (
    <>
      <UnstyledButton visibleFrom="sm" className={styles.find} onClick={() => setOpen('palette')} aria-keyshortcuts="Control+K">
        <IconSearch size={15} aria-hidden />
        <span>{t('palette.button')}</span>
        <Kbd size="xs" aria-hidden>Ctrl K</Kbd>
      </UnstyledButton>
      <ActionIcon hiddenFrom="sm" variant="subtle" color="gray" size="lg" aria-label={t('palette.button')} onClick={() => setOpen('palette')}><IconSearch size={18} aria-hidden /></ActionIcon>
      {open === 'palette' && <Suspense fallback={null}><Palette onClose={close} /></Suspense>}
      {open === 'keys' && <Suspense fallback={null}><KeysDialog onClose={close} /></Suspense>}
    </>
  );
}
