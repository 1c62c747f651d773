// That the session ended while somebody works: what they typed stays, and a dialog lets them in again.
import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let expired = false;

export function setSessionExpired(now: boolean) {
  if (expired === now) return;
  expired = now;
  for (const listener of listeners) listener();
}

export function useSessionExpired(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => expired,
  );
}
