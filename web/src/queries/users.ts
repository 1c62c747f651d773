// The server is asked this about users, and the cache keeps it under this key.
import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { allPages } from '@/api/all_pages';
import { api, call } from '@/api/client';
import { early } from './early';

export const usersKey = ['users'] as const;
export const userSorts = ['name', '-name', 'last_signed_in_at', '-last_signed_in_at'] as const;

interface UserQuery {
  sort: (typeof userSorts)[number];
  limit: number;
  q?: string;
  cursor?: string;
}

export function useUserPage(query: UserQuery) {
  return useQuery({
    queryKey: [...usersKey, query],
    ...early('/api/users', query, () => call(api.GET('/api/users', { params: { query } }))),
    placeholderData: keepPreviousData,
  });
}

export function useUsers() {
  return useQuery({ queryKey: [...usersKey, 'all'], queryFn: () => allPages((page) => call(api.GET('/api/users', { params: { query: page } }))) });
}
