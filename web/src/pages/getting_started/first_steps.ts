// How far the first steps have come, kept up to date by the live stream.
import { useQuery, useQueryClient } from '@tanstack/react-query';

import { allPages } from '@/api/all_pages';
import { api, call } from '@/api/client';
import type { Delivery, Webhook } from '@/api/schema';
import { useStream } from '@/api/stream';
import { useProgress } from '@/app/progress';

const latestKey = ['deliveries', 'latest'] as const;
const deliveredKey = ['deliveries', 'any-delivered'] as const;

export interface FirstSteps {
  // The newest that the user sees.
  webhook: Webhook | undefined;
  latest: Delivery | undefined;
  done: { opened: boolean; created: boolean; copied: boolean; delivered: boolean };
}

export function useFirstSteps(): FirstSteps {
  const client = useQueryClient();
  const progress = useProgress();
  const webhooks = useQuery({
    queryKey: ['webhooks'],
    queryFn: () => allPages((page) => call(api.GET('/api/webhooks', { params: { query: page } }))),
  });
  const latest = useQuery({
    queryKey: latestKey,
    queryFn: async () => (await call(api.GET('/api/deliveries', { params: { query: { limit: 1 } } }))).data[0] ?? null,
  });
  const delivered = useQuery({
    queryKey: deliveredKey,
    queryFn: async () => (await call(api.GET('/api/deliveries', { params: { query: { limit: 1, status: 'delivered' } } }))).data.length > 0,
  });
  useStream({
    onDelivery: (delivery) => client.setQueryData(latestKey, delivery),
    onAttempt: (delivery) => {
      client.setQueryData(latestKey, delivery);
      if (delivery.status === 'delivered') client.setQueryData(deliveredKey, true);
    },
    onGap: () => void client.invalidateQueries({ queryKey: ['deliveries'] }),
  });
  const webhook = webhooks.data?.toSorted((a, b) => b.created_at - a.created_at)[0];
  const created = webhook !== undefined;
  const isDelivered = delivered.data === true;
  return {
    webhook,
    latest: latest.data ?? undefined,
    done: {
      opened: created || progress.has('settings_opened'),
      created,
      copied: progress.has('secret_copied'),
      delivered: isDelivered,
    },
  };
}
