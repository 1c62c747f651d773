import { Menu } from '@mantine/core';

import { ActionsFace, type ActionsMenuProps } from './ActionsFace';
import { useOpened } from './use_opened';

// It comes in place of the button that was clicked (OnDemand.tsx).
export default function ActionsMenuOpened({ actions, ...face }: ActionsMenuProps) {
  const { button, opened, setOpened } = useOpened();
  return (
    <Menu position="bottom-end" opened={opened} onChange={setOpened}>
      <Menu.Target><ActionsFace ref={button} {...face} /></Menu.Target>
      <Menu.Dropdown>
        {actions.map(({ label, icon: Glyph, grave = false, disabled = false, onClick }) => (
          <Menu.Item key={label} color={grave ? 'red' : undefined} disabled={disabled} leftSection={<Glyph size={16} aria-hidden />} onClick={onClick}>{label}</Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
