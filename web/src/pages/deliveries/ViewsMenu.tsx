// The views of the log that are kept in this browser: shown, dropped, kept under a name.
import { ActionIcon, CloseButton, Group, Menu, TextInput } from '@mantine/core';
import { IconBookmark } from '@tabler/icons-react';
import { useState } from 'react';

import { useOpened } from '@/parts/use_opened';
import { useTranslation } from '@/texts/translation';
import type { useFilter } from './filter';
import styles from './Toolbar.module.css';
import { useViews } from './views';
import { ViewsFace } from './ViewsFace';

// It comes in place of the button that was clicked (OnDemand.tsx).
export default function ViewsMenu({ control }: { control: ReturnType<typeof useFilter> }) {
  const { t } = useTranslation('deliveries');
  const { views, keep, drop } = useViews();
  const [name, setName] = useState('');
  const query = control.view();
  const { button, opened, setOpened } = useOpened();
  return (
    <Menu position="bottom-end" width={280} closeOnItemClick={false} opened={opened} onChange={setOpened}>
      <Menu.Target><ViewsFace ref={button} /></Menu.Target>
      <Menu.Dropdown>
        {views.length === 0 && <Menu.Label>{t('views.none')}</Menu.Label>}
        {views.map((view) => (
          <Group key={view.name} gap={4} wrap="nowrap">
            <Menu.Item onClick={() => control.show(view.query)} aria-current={view.query === query || undefined}>{view.name}</Menu.Item>
            <CloseButton size="sm" aria-label={t('views.drop', { name: view.name })} onClick={() => drop(view.name)} />
          </Group>
        ))}
        <Menu.Divider />
        <form
          className={styles.keep}
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() === '') return;
            keep({ name: name.trim(), query });
            setName('');
          }}
        >
          <TextInput size="xs" aria-label={t('views.name')} placeholder={t('views.name')} maxLength={60} value={name} onChange={({ currentTarget }) => setName(currentTarget.value)} onKeyDown={(event) => event.stopPropagation()} />
          <ActionIcon type="submit" variant="light" size={30} aria-label={t('views.keep')}><IconBookmark size={16} aria-hidden /></ActionIcon>
        </form>
      </Menu.Dropdown>
    </Menu>
  );
}
