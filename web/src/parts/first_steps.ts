// How far the first steps have come, kept up to date by the live stream.
import { useQuery, useQueryClient } from '@tanstack/react-query';

import { api, call } from '@/api/client';
import type { Delivery, Webhook } from '@/api/schema';
import { useStream } from '@/api/stream';
import { placeQuery, usePlaces } from '@/context/place';
import { useProgress } from '@/context/progress';
import { useSeldom } from '@/parts/seldom';

const latestKey = ['deliveries', 'latest'] as const;
const deliveredKey = ['deliveries', 'any-delivered'] as const;

export interface FirstSteps {
  // The newest that the user sees.
  webhook: Webhook | undefined;
  latest: Delivery | undefined;
  // True once it is known.
  ready: boolean;
  done: { opened: boolean; created: boolean; copied: boolean; delivered: boolean };
}

export function useFirstSteps(): FirstSteps {
  const client = useQueryClient();
  const progress = useProgress();
  const scope = placeQuery(usePlaces().place);
  const webhooks = useQuery({
    queryKey: ['webhooks', 'newest', scope],
    queryFn: async () => (await call(api.GET('/api/webhooks', { params: { query: { ...scope, sort: '-created_at', limit: 1 } } }))).data,
  });
  const latest = useQuery({
    queryKey: [...latestKey, scope],
    queryFn: async () => (await call(api.GET('/api/deliveries', { params: { query: { ...scope, limit: 1 } } }))).data[0] ?? null,
  });
  const delivered = useQuery({
    queryKey: [...deliveredKey, scope],
    queryFn: async () => (await call(api.GET('/api/deliveries', { params: { query: { ...scope, limit: 1, status: 'delivered' } } }))).data.length > 0,
  });
  // However much happens, the server is asked no oftener than once a second; and after the first delivery nothing more is to come.
  const refresh = useSeldom(() => client.invalidateQueries({ queryKey: ['deliveries'] }));
  useStream({ onDelivery: refresh, onAttempt: refresh, onGap: refresh }, delivered.data !== true);
  const webhook = webhooks.data?.[0];
  const created = webhook !== undefined;
  const isDelivered = delivered.data === true;
  return {
    webhook,
    latest: latest.data ?? undefined,
    ready: webhooks.isSuccess && delivered.isSuccess,
    done: {
      opened: created || progress.has('settings_opened'),
      created,
      copied: progress.has('secret_copied'),
      delivered: isDelivered,
    },
  };
}
