// Shows an attempt's status code, or why there was no response.
import { Text } from '@mantine/core';

import type { Attempt } from '@/api/schema';
import { useTranslation } from '@/texts/translation';

export type ErrorClass = NonNullable<Attempt['error']>['class'];

interface ResponseCodeProps {
  code: number | null;
  errorClass: string | null;
}

export function ResponseCode({ code, errorClass }: ResponseCodeProps) {
  const { t } = useTranslation('deliveries');
  const good = code !== null && code >= 200 && code < 300;
  const text = code === null ? t(`class.${(errorClass ?? 'internal') as ErrorClass}`) : String(code);
  return <Text span inherit fw={600} c={`var(--mantine-color-${good ? 'teal' : 'red'}-text)`}>{text}</Text>;
}
