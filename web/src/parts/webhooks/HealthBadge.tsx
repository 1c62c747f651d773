// How well a webhook does, in a word; pointing at it, or the keyboard, says why.
import { Badge } from '@mantine/core';

import type { WebhookCondition, WebhookHealth } from '@/api/schema';
import { Hint } from '@/parts/Hint';
import { useTranslation } from '@/texts/translation';

export const conditionColors: Record<WebhookCondition, string> = {
  healthy: 'teal',
  slow: 'yellow',
  degraded: 'orange',
  failing: 'red',
  disabled: 'gray',
  unused: 'blue',
};

const troubles: ReadonlySet<WebhookCondition> = new Set(['failing', 'degraded', 'slow']);

export function isTroubled({ health }: { health: WebhookHealth }): boolean {
  return troubles.has(health.condition);
}

// The server's judgement as a sentence; null where there is nothing to explain.
export function useHealthText() {
  const { t } = useTranslation('health');
  return ({ code, params }: Pick<WebhookHealth, 'code' | 'params'>): string | null => (code === null ? null : t(`reason.${code}`, { ...params, count: params['count'] ?? 0 }));
}

// `explained`: the reason is said beside it.
export function HealthBadge({ health, explained = false }: { health: WebhookHealth; explained?: boolean }) {
  const { t } = useTranslation('health');
  const healthText = useHealthText();
  const text = explained ? null : healthText(health);
  const badge = <Badge color={conditionColors[health.condition]} style={{ cursor: 'default' }} tabIndex={text === null ? undefined : 0}>{t(health.condition)}</Badge>;
  return text === null ? badge : <Hint label={text}>{badge}</Hint>;
}
