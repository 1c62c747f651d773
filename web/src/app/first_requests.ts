// The first requests are those of every page: who is signed in, then the venues and groups. Boot has sent them
// (boot/boot.ts).
import { needsSession } from '@/boot/first_page';
import { forgetEarly } from '@/boot/first_responses';
import { sessionQuery } from '@/context/session';
import { groupsQuery, venuesQuery } from '@/queries/venues';
import { queryClient } from './query_client';

// A request that fails is sent again by the page, which says so.
export async function askFirst(pathname: string) {
  if (!needsSession(pathname)) return;
  const session = await queryClient.query({ ...sessionQuery, retry: false }).catch(() => null);
  if (session === null || session.user.must_change_password) {
    forgetEarly();
    return;
  }
  await Promise.allSettled([queryClient.query(venuesQuery), queryClient.query(groupsQuery)]);
}
