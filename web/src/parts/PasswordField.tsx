// A password, with a button that shows it.
import { PasswordInput, type PasswordInputProps } from '@mantine/core';

import { useTranslation } from '@/texts/translation';

export function PasswordField(props: PasswordInputProps) {
  const { t } = useTranslation();
  return <PasswordInput aria-invalid={props.error ? true : undefined} visibilityToggleButtonProps={{ 'aria-label': t('show_password') }} {...props} />;
}
