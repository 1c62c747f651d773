// The six events, by what they are about.
import type { EventType } from '@/api/schema';

export const eventGroups: { resource: 'contact' | 'account'; events: EventType[] }[] = [
  { resource: 'contact', events: ['contact.created', 'contact.updated', 'contact.deleted'] },
  { resource: 'account', events: ['account.created', 'account.updated', 'account.deleted'] },
];

// "contact.created" as a key of the texts, which take a dot for a level.
export function eventKey(event: EventType) {
  return event.replace('.', '_') as `${'contact' | 'account'}_${'created' | 'updated' | 'deleted'}`;
}
