// The server is asked this about where people are signed in, and the cache keeps it under these keys.
import { useQuery } from '@tanstack/react-query';

import { api, call } from '@/api/client';

export const sessionsKey = ['sessions'] as const;

export function useOwnSessions() {
  return useQuery({ queryKey: [...sessionsKey, 'own'], queryFn: () => call(api.GET('/api/sessions')) });
}

export function useSessionsOf(id: string) {
  return useQuery({
    queryKey: [...sessionsKey, id],
    queryFn: () => call(api.GET('/api/users/{id}/sessions', { params: { path: { id } } })),
  });
}
