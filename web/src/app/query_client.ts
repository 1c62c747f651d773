// Decides when the server is asked again for what a page shows.
import { QueryClient } from '@tanstack/react-query';

import { onSignedOut } from '@/api/client';
import { connection } from '@/api/connection';
import { ApiProblem } from '@/api/problem';
import { setSessionExpired } from '@/context/expired_session';
import { sessionKey } from '@/context/session';

const retriesMax = 2;
const staleMs = 10_000;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: 'always', // a server on this machine is there without a network
      staleTime: staleMs,
      retry: (failures, error) => !(error instanceof ApiProblem) && failures < retriesMax,
    },
    mutations: { networkMode: 'always' },
  },
});

// Once the server is back, what is shown is asked again.
let wasLost = false;
connection.subscribe(() => {
  if (wasLost && !connection.isLost()) void queryClient.invalidateQueries();
  wasLost = connection.isLost();
});

// The session ended: who works here signs in again in a dialog; others are led to the sign-in page.
onSignedOut(() => {
  if (queryClient.getQueryData(sessionKey)) setSessionExpired(true);
  else queryClient.setQueryData(sessionKey, null);
});
