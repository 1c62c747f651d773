// Whom a payload is about: the guest's or the company's name in it.
import { nameOf } from './kinds';

export function nameInPayload(payload: string): string | null {
  try {
    const { event, data } = JSON.parse(payload) as { event?: string; data?: { id: string; created_at: number } };
    if (data === undefined || typeof data !== 'object') return null;
    const name = nameOf(event?.startsWith('account') ? 'account' : 'contact', data);
    return name === '' ? null : name;
  } catch {
    return null;
  }
}
