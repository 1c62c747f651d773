// The word says what became of a delivery, beside a dot: lists have many of them.

import type { Delivery } from '@/api/schema';
import { useTranslation } from '@/texts/translation';
import styles from './StateWord.module.css';

export function StateWord({ delivery }: { delivery: Pick<Delivery, 'status' | 'attempt_count'> }) {
  const { t } = useTranslation('deliveries');
  const state = delivery.status === 'pending' && delivery.attempt_count > 0 ? 'retrying' : delivery.status;
  return <span className={styles.state} data-state={state}>{t(`status.${state}`)}</span>;
}
