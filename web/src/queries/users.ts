// The users, and under which key they are kept while they are shown.
import { useQuery } from '@tanstack/react-query';

import { allPages } from '@/api/all_pages';
import { api, call } from '@/api/client';

export const usersKey = ['users'] as const;

export function useUsers() {
  return useQuery({ queryKey: [...usersKey, 'all'], queryFn: () => allPages((page) => call(api.GET('/api/users', { params: { query: page } }))) });
}
