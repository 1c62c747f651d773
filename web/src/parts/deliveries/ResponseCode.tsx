// Shows an attempt's status code, or why there was no response.
import type { Attempt } from '@/api/schema';
import { useTranslation } from '@/texts/translation';
import styles from './ResponseCode.module.css';

export type ErrorClass = NonNullable<Attempt['error']>['class'];

interface ResponseCodeProps {
  code: number | null;
  errorClass: string | null;
}

export function ResponseCode({ code, errorClass }: ResponseCodeProps) {
  const { t } = useTranslation('deliveries');
  const good = code !== null && code >= 200 && code < 300;
  const text = code === null ? t(`class.${(errorClass ?? 'internal') as ErrorClass}`) : String(code);
  return <span className={styles.code} data-good={good || undefined}>{text}</span>;
}
