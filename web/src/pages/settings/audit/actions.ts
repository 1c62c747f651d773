// What the audit log tells of; its names are the keys of the texts, and what reveals, fails or removes stands out.

export const actions = [
  'session.created', 'session.failed', 'session.ended',
  'user.created', 'user.changed', 'user.deleted',
  'secret.revealed', 'secret.rotated', 'overlap.ended',
  'webhook.disabled', 'webhook.enabled', 'webhook.discarded',
  'replay.started', 'replay.canceled',
  'api_key.created', 'api_key.deleted',
  'import.started',
] as const;
export type Action = (typeof actions)[number];

const colors: Partial<Record<Action, string>> = {
  'session.failed': 'red',
  'user.deleted': 'orange',
  'secret.revealed': 'orange',
  'secret.rotated': 'orange',
  'webhook.disabled': 'orange',
  'webhook.discarded': 'orange',
  'api_key.deleted': 'orange',
};

export function isAction(name: string): name is Action {
  return (actions as readonly string[]).includes(name);
}

export function actionColor(name: string): string {
  return (isAction(name) ? colors[name] : undefined) ?? 'ink';
}

