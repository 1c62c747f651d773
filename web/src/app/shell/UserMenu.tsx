// Who is signed in: their password, signing out; on a phone also language and scheme.
import { ActionIcon, Box, Menu, Text } from '@mantine/core';
import { IconKey, IconLogout } from '@tabler/icons-react';
import { Link, useGo } from '@/context/links';

import { useSignOut, useUser } from '@/context/session';
import { useErrorText } from '@/parts/ErrorState';
import { notifyFailed } from '@/parts/notify';
import { useOpened } from '@/parts/use_opened';
import { useTranslation } from '@/texts/translation';
import { UserMark } from './glyphs';
import { LanguageChoices } from './LanguageMenu';
import { SchemeChoices } from './SchemeMenu';

export default function UserMenu() {
  const { t } = useTranslation();
  const user = useUser();
  const signOut = useSignOut();
  const textOf = useErrorText();
  const go = useGo();
  const { button, opened, setOpened } = useOpened();
  const leave = async () => {
    try {
      await signOut();
      await go('/sign-in');
    } catch (error) {
      notifyFailed(textOf(error).text);
    }
  };
  return (
    <Menu position="bottom-end" width={240} withinPortal opened={opened} onChange={setOpened}>
      <Menu.Target>
        <ActionIcon ref={button} variant="transparent" size="lg" radius="xl"><UserMark name={user.name} /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Box px="sm" py={6}>
          <Text fw={600} truncate>{user.name}</Text>
          <Text size="sm" c="dimmed" truncate>{user.email}</Text>
          <Text size="xs" c="dimmed">{t(`role.${user.role}`)}</Text>
        </Box>
        <Menu.Divider />
        <Menu.Item component={Link} to="/account" leftSection={<IconKey size={16} aria-hidden />}>{t('user.password')}</Menu.Item>
        <Menu.Item onClick={() => void leave()} leftSection={<IconLogout size={16} aria-hidden />}>{t('user.sign_out')}</Menu.Item>
        <Box hiddenFrom="sm">
          <Menu.Divider />
          <Menu.Label>{t('language')}</Menu.Label>
          <LanguageChoices />
          <Menu.Divider />
          <Menu.Label>{t('scheme.label')}</Menu.Label>
          <SchemeChoices />
        </Box>
      </Menu.Dropdown>
    </Menu>
  );
}
