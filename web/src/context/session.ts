// Who is signed in, and what they may do.
import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';

import { api, call, setCsrfToken } from '@/api/client';
import { hasStatus } from '@/api/problem';
import type { Session, User } from '@/api/schema';
import { isLanguage, isLanguageChosen } from '@/boot/first_language';
import { forgetEarly } from '@/boot/first_responses';
import { chooseLanguage } from '@/texts/i18n';

export const sessionKey = ['session'] as const;

async function loadSession(): Promise<Session | null> {
  try {
    const session = await call(api.GET('/api/session'));
    setCsrfToken(session.csrf_token);
    return session;
  } catch (error) {
    if (!hasStatus(error, 401)) throw error;
    setCsrfToken(null);
    return null;
  }
}

// Null: nobody is signed in.
export const sessionQuery = queryOptions({ queryKey: sessionKey, queryFn: loadSession, staleTime: 5 * 60_000 });

export function useSession() {
  return useQuery(sessionQuery);
}

// The user of a page that only a signed-in one sees.
export function useUser(): User {
  const { data } = useSession();
  if (!data) throw new Error('useUser() outside of a session');
  return data.user;
}

// Takes over a new session of the same user in place of the old one.
export function continueSession(client: QueryClient, session: Session) {
  forgetEarly();
  setCsrfToken(session.csrf_token);
  client.setQueryData(sessionKey, session);
}

// Forgets everything of the user who was here before.
export function beginSession(client: QueryClient, session: Session) {
  client.clear();
  continueSession(client, session);
  if (isLanguage(session.user.language) && !isLanguageChosen()) chooseLanguage(session.user.language);
}

export function useSignOut() {
  const client = useQueryClient();
  return async () => {
    await call(api.DELETE('/api/session'));
    setCsrfToken(null);
    forgetEarly();
    client.clear();
    client.setQueryData(sessionKey, null);
  };
}

export interface May {
  // Change what is in their scope: contacts, webhooks, fields, keys.
  manage: boolean;
  // Venues, groups, users, the audit log.
  administer: boolean;
}

export function mayOf(user: User): May {
  return { manage: user.role !== 'viewer', administer: user.role === 'administrator' };
}

export function useMay(): May {
  return mayOf(useUser());
}
