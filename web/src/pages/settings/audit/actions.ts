// The actions of the audit log. Their names are the keys of its texts; actions that reveal, fail or remove stand out.
import type { AuditAction } from '@/api/schema';

const colors: Record<AuditAction, 'ink' | 'orange' | 'red'> = {
  'session.created': 'ink',
  'session.failed': 'red',
  'session.ended': 'ink',
  'user.created': 'ink',
  'user.changed': 'ink',
  'user.deleted': 'orange',
  'secret.revealed': 'orange',
  'secret.rotated': 'orange',
  'overlap.ended': 'ink',
  'webhook.disabled': 'orange',
  'webhook.enabled': 'ink',
  'webhook.discarded': 'orange',
  'webhook.sent_now': 'ink',
  'replay.started': 'ink',
  'replay.canceled': 'ink',
  'api_key.created': 'ink',
  'api_key.deleted': 'orange',
  'import.started': 'ink',
  'import.finished': 'ink',
  'import.canceled': 'ink',
  'resource.erased': 'orange',
  'webhook.created': 'ink',
  'webhook.changed': 'ink',
  'webhook.deleted': 'orange',
  'webhook.warned': 'orange',
  'channel.created': 'ink',
  'channel.changed': 'ink',
  'channel.deleted': 'orange',
  'user.link_made': 'ink',
  'user.link_used': 'ink',
  'second_factor.on': 'ink',
  'second_factor.off': 'orange',
};

// In the order that a person chooses from.
export const actions = Object.keys(colors) as AuditAction[];

export function actionColor(action: AuditAction) {
  return colors[action];
}
