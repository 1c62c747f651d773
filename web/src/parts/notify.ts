// A short notice in the corner: something is done, or could not be.
import { notifications } from '@mantine/notifications';

export function notifyDone(message: string) {
  notifications.show({ message, color: 'teal', withBorder: true });
}

export function notifyFailed(message: string) {
  notifications.show({ message, color: 'red', withBorder: true, autoClose: 8_000 });
}
