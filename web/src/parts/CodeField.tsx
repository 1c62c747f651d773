// The code of a second factor: from the app, or a recovery code.
import { TextInput, type TextInputProps } from '@mantine/core';

export function CodeField(props: TextInputProps) {
  return <TextInput aria-invalid={props.error ? true : undefined} autoComplete="one-time-code" autoCapitalize="none" spellCheck={false} maxLength={64} {...props} />;
}
