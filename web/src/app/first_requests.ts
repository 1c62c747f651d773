// The first requests are those of every page: who is signed in, then the venues and groups. They are sent while the page's code
// is loaded.
import { groupsQuery, venuesQuery } from '@/queries/venues';
import { queryClient } from './query_client';
import { sessionQuery } from './session';

const withoutSession = /^\/(setup|sign-in|invite|first-password)\b/;

// A request that fails is sent again by the page, which says so.
export async function askFirst(pathname: string) {
  if (withoutSession.test(pathname)) return;
  const session = await queryClient.query({ ...sessionQuery, retry: false }).catch(() => null);
  if (session === null || session.user.must_change_password) return;
  await Promise.allSettled([queryClient.query(venuesQuery), queryClient.query(groupsQuery)]);
}
