// Something that is shown this once: the text, and a button that copies it.
import { Alert, Stack } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';

import { Code } from './Code';

interface SecretProps {
  label: string;
  // Why to copy it now.
  text: string;
  value: string;
  onCopy?: () => void;
}

export function Secret({ label, text, value, onCopy }: SecretProps) {
  return (
    <Stack gap="sm">
      <Alert color="yellow" icon={<IconKey size={18} aria-hidden />}>{text}</Alert>
      <Code label={label} wrap share onCopy={onCopy}>{value}</Code>
    </Stack>
  );
}
