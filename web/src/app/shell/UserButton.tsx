import { ActionIcon } from '@mantine/core';

import { useUser } from '@/context/session';
import { OnDemand } from '@/parts/OnDemand';
import { UserMark } from './glyphs';

export function UserButton() {
  const { name } = useUser();
  return (
    <OnDemand
      load={() => import('./UserMenu')}
      props={{}}
      button={(opener) => <ActionIcon variant="transparent" size="lg" radius="xl" aria-haspopup="menu" {...opener}><UserMark name={name} /></ActionIcon>}
    />
  );
}
