// The columns that a list of records shows, each to be ticked.
import { Checkbox, Popover, Stack } from '@mantine/core';

import { useOpened } from '@/parts/use_opened';
import type { Kind } from '@/queries/records';
import { useTranslation } from '@/texts/translation';
import { columnNames } from './columns';
import { ColumnsFace } from './ColumnsFace';

interface ColumnsMenuProps {
  kind: Kind;
  shown: string[];
  toggle: (name: string) => void;
}

// It comes in place of the button that was clicked (OnDemand.tsx).
export default function ColumnsMenu({ kind, shown, toggle }: ColumnsMenuProps) {
  const { t } = useTranslation('records');
  const { button, opened, setOpened } = useOpened();
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus>
      <Popover.Target><ColumnsFace ref={button} onClick={() => setOpened(!opened)} /></Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {columnNames[kind].map((name) => (
            <Checkbox
              key={name}
              size="sm"
              checked={shown.includes(name)}
              onChange={() => toggle(name)}
              label={t(name === 'created_at' ? 'created' : name === 'updated_at' ? 'updated' : (`field.${name}` as 'field.email'))}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
