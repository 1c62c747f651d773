// Tells whether the server can be reached. A call without a response reports a loss; from then on the server is asked until
// it responds. Listeners are told of both.
import { useSyncExternalStore } from 'react';

const probeMsMin = 1_000;
const probeMsMax = 10_000;
const probeTimeoutMs = 4_000;

type Listener = () => void;

class Connection {
  private lost = false;
  private probeMs = probeMsMin;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<Listener>();

  readonly isLost = () => this.lost;

  readonly subscribe = (listener: Listener) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  reportLost() {
    if (this.lost) return;
    this.lost = true;
    this.probeMs = probeMsMin;
    this.schedule();
    this.tell();
  }

  reportReached() {
    if (!this.lost) return;
    clearTimeout(this.timer);
    this.lost = false;
    this.tell();
  }

  // Asks the server whether it is there, and reports what it finds.
  readonly probe = async () => {
    clearTimeout(this.timer);
    try {
      const response = await fetch('/readyz', { cache: 'no-store', signal: AbortSignal.timeout(probeTimeoutMs) });
      if (response.ok) {
        this.reportReached();
        return;
      }
    } catch {
      // No answer is what is reported below.
    }
    if (this.lost) this.schedule();
    else this.reportLost();
  };

  private schedule() {
    this.timer = setTimeout(() => void this.probe(), this.probeMs);
    this.probeMs = Math.min(this.probeMs * 1.5, probeMsMax);
  }

  private tell() {
    for (const listener of this.listeners) listener();
  }
}

export const connection = new Connection();

// The browser knows at once when its network is gone; the server may still be there (on this machine), so it is asked.
if (typeof addEventListener === 'function') {
  addEventListener('offline', () => void connection.probe());
  addEventListener('online', () => void connection.probe());
}

export function useConnectionLost(): boolean {
  return useSyncExternalStore(connection.subscribe, connection.isLost);
}
