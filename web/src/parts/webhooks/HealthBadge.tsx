// A webhook's health in a word; pointing at it says why.
import { Badge, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { WebhookHealth } from '@/api/schema';

const colors = { healthy: 'teal', failing: 'red', disabled: 'gray', unused: 'blue' } as const;

export function HealthBadge({ health }: { health: WebhookHealth }) {
  const { t } = useTranslation('webhooks');
  const badge = <Badge color={colors[health.state]} style={{ cursor: 'default' }}>{t(`health.${health.state}`)}</Badge>;
  return health.reason ? <Tooltip label={health.reason} maw={360}>{badge}</Tooltip> : badge;
}
