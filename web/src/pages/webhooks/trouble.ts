import type { Webhook } from '@/api/schema';

const troubles = new Set(['failing', 'degraded', 'slow']);

export function isTroubled(webhook: Webhook): boolean {
  return troubles.has(webhook.health.condition);
}
