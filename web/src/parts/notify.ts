// A short notice in the corner: something is done, or could not be. What shows them comes with the first one.
import type { NotificationData } from '@mantine/notifications';
import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let wanted = false;

export function useNoticesWanted(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => wanted,
  );
}

async function show(notice: NotificationData) {
  wanted = true;
  for (const listener of listeners) listener();
  const { notifications } = await import('@mantine/notifications');
  notifications.show(notice);
}

export function notifyDone(message: string) {
  void show({ message, color: 'teal', withBorder: true });
}

export function notifyFailed(message: string) {
  void show({ message, color: 'red', withBorder: true, autoClose: 8_000 });
}
