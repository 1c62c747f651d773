// One delivery, read again when the stream tells of it.
import { useQueryClient } from '@tanstack/react-query';

import { useStream } from '@/api/stream';
import { useSeldom } from '@/parts/seldom';
import { deliveriesKey, useDelivery } from '@/queries/deliveries';

export function useLiveDelivery(id: string) {
  const client = useQueryClient();
  const delivery = useDelivery(id);
  const readAgain = useSeldom(() => client.invalidateQueries({ queryKey: [...deliveriesKey, id] }));
  const refresh = (changed: { id: string }) => {
    if (changed.id === id) readAgain();
  };
  useStream({ onDelivery: refresh, onAttempt: refresh });
  return delivery;
}
