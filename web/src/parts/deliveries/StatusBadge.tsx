// Shows what became of a delivery, in a word. A delivery that is pending after an attempt is being retried.

import type { Delivery } from '@/api/schema';
import { Badge } from '@/parts/Badge';
import { useTranslation } from '@/texts/translation';

const colors = { delivered: 'teal', failed: 'red', canceled: 'gray', pending: 'blue', retrying: 'orange' } as const;

export function StatusBadge({ delivery }: { delivery: Pick<Delivery, 'status' | 'attempt_count'> }) {
  const { t } = useTranslation('deliveries');
  const state = delivery.status === 'pending' && delivery.attempt_count > 0 ? 'retrying' : delivery.status;
  return <Badge color={colors[state]}>{t(`status.${state}`)}</Badge>;
}
