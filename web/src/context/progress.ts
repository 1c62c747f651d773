// The steps of "Getting started" that only this browser knows of: kept per user, where storage is allowed.
import { useSyncExternalStore } from 'react';

import { useUser } from './session';

export type ProgressStep = 'settings_opened' | 'secret_copied' | 'strip_closed';

const listeners = new Set<() => void>();
const keyOf = (userId: string) => `shakehook-progress-${userId}`;

function read(userId: string): string {
  try {
    return localStorage.getItem(keyOf(userId)) ?? '';
  } catch {
    return '';
  }
}

export function useProgress() {
  const { id } = useUser();
  const known = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => read(id),
  ).split(',');
  return {
    has: (step: ProgressStep) => known.includes(step),
    mark: (step: ProgressStep) => {
      if (known.includes(step)) return;
      try {
        localStorage.setItem(keyOf(id), [...known.filter(Boolean), step].join(','));
      } catch {
        // It is forgotten, then.
      }
      for (const listener of listeners) listener();
    },
  };
}
