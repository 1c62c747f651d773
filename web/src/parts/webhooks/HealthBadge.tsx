// How well a webhook does, in a word; pointing at it, or the keyboard, says why.
import { useCallback } from 'react';

import type { WebhookCondition, WebhookHealth } from '@/api/schema';
import { Badge, type BadgeColor } from '@/parts/Badge';
import { Hint } from '@/parts/Hint';
import { useTranslation } from '@/texts/translation';

export const conditionColors: Record<WebhookCondition, BadgeColor> = {
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
  return useCallback(
    ({ code, params }: Pick<WebhookHealth, 'code' | 'params'>): string | null => (code === null ? null : t(`reason.${code}`, { ...params, count: params['count'] ?? 0 })),
    [t],
  );
}

// `explained`: the reason is said beside it.
export function HealthBadge({ health, explained = false }: { health: WebhookHealth; explained?: boolean }) {
  const { t } = useTranslation('health');
  const healthText = useHealthText();
  const text = explained ? null : healthText(health);
  const badge = <Badge color={conditionColors[health.condition]} tabIndex={text === null ? undefined : 0}>{t(health.condition)}</Badge>;
  return text === null ? badge : <Hint label={text}>{badge}</Hint>;
}
