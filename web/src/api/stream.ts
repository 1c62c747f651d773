// Deliveries and attempts as they happen. All who listen share one stream, open only while somebody listens and the page
// is seen: a browser holds few connections to one server.
import { useEffect, useEffectEvent } from 'react';

import { connection } from './connection';
import type { Attempt, Delivery } from './schema';

const reopenMs = 3_000;

export interface StreamListener {
  // A delivery became owed, or changed.
  onDelivery?: (delivery: Delivery) => void;
  onAttempt?: (delivery: Delivery, attempt: Attempt) => void;
  // The stream begins again after a gap: what is shown may have missed something.
  onGap?: () => void;
}

class LiveStream {
  private readonly listeners = new Set<StreamListener>();
  private source: EventSource | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private hadGap = false;

  constructor() {
    document.addEventListener('visibilitychange', () => this.adjust());
    connection.subscribe(() => this.adjust());
  }

  listen(listener: StreamListener) {
    this.listeners.add(listener);
    this.adjust();
    return () => {
      this.listeners.delete(listener);
      this.adjust();
    };
  }

  // Opens or closes, by whether anybody would hear.
  private adjust() {
    const wanted = this.listeners.size > 0 && document.visibilityState === 'visible' && !connection.isLost();
    if (wanted && this.source === null) this.open();
    if (!wanted) this.close();
    if (this.listeners.size === 0) this.hadGap = false;
  }

  private open() {
    clearTimeout(this.timer);
    const source = new EventSource('/api/stream');
    this.source = source;
    source.addEventListener('open', () => {
      if (this.hadGap) for (const listener of this.listeners) listener.onGap?.();
      this.hadGap = false;
    });
    source.addEventListener('delivery', (message: MessageEvent<string>) => {
      const delivery = JSON.parse(message.data) as Delivery;
      for (const listener of this.listeners) listener.onDelivery?.(delivery);
    });
    source.addEventListener('attempt', (message: MessageEvent<string>) => {
      const { delivery, attempt } = JSON.parse(message.data) as { delivery: Delivery; attempt: Attempt };
      for (const listener of this.listeners) listener.onAttempt?.(delivery, attempt);
    });
    // It ends by an error of the network, by "lagged", or by a refusal: all begin anew after a while.
    source.addEventListener('error', () => {
      this.close();
      this.timer = setTimeout(() => this.adjust(), reopenMs);
      void connection.probe();
    });
  }

  private close() {
    clearTimeout(this.timer);
    if (this.source === null) return;
    this.source.close();
    this.source = null;
    this.hadGap = true;
  }
}

let live: LiveStream | undefined;

// Listens as long as the component is there and `enabled`.
export function useStream(listener: StreamListener, enabled = true) {
  const onDelivery = useEffectEvent((delivery: Delivery) => listener.onDelivery?.(delivery));
  const onAttempt = useEffectEvent((delivery: Delivery, attempt: Attempt) => listener.onAttempt?.(delivery, attempt));
  const onGap = useEffectEvent(() => listener.onGap?.());
  useEffect(() => {
    if (!enabled) return;
    live ??= new LiveStream();
    return live.listen({
      onDelivery: (delivery) => onDelivery(delivery),
      onAttempt: (delivery, attempt) => onAttempt(delivery, attempt),
      onGap: () => onGap(),
    });
  }, [enabled]);
}
