// The keys that the dashboard knows.
import { Kbd, Modal, Stack, Text } from '@mantine/core';

import { useTranslation } from '@/texts/translation';
import styles from './KeysDialog.module.css';

const keys = [
  { group: 'everywhere', entries: [{ keys: ['Ctrl', 'K'], text: 'palette' }, { keys: ['?'], text: 'list' }, { keys: ['Esc'], text: 'close' }] },
  { group: 'log', entries: [{ keys: ['j'], text: 'next' }, { keys: ['k'], text: 'previous' }, { keys: ['Enter'], text: 'open' }, { keys: ['x'], text: 'mark' }, { keys: ['r'], text: 'again' }] },
] as const;

export function KeysDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal opened data-keeps-focus onClose={onClose} title={t('keys.title')} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        {keys.map(({ group, entries }) => (
          <section key={group}>
            <Text size="sm" fw={600} c="dimmed">{t(`keys.${group}`)}</Text>
            {entries.map(({ keys: pressed, text }) => (
              <div key={text} className={styles.key}>
                <Text>{t(`keys.${text}`)}</Text>
                <span>{pressed.map((key) => <Kbd key={key} ml={4}>{key}</Kbd>)}</span>
              </div>
            ))}
          </section>
        ))}
      </Stack>
    </Modal>
  );
}
