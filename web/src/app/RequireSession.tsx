// Lets the signed-in through; others are led to the first start or to the sign-in page, and back afterwards.
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Navigate, useLocation } from 'react-router';

import { api, call } from '@/api/client';
import { useSession } from '@/context/session';
import { ErrorState } from '@/parts/ErrorState';
import { FullPage } from '@/parts/FullPage';
import { Loading } from '@/parts/Loading';

export function RequireSession({ children }: { children: ReactNode }) {
  const session = useSession();
  const location = useLocation();
  const signedOut = session.data === null;
  const setup = useQuery({ queryKey: ['setup'], queryFn: () => call(api.GET('/api/setup')), enabled: signedOut });

  if (session.data?.user.must_change_password) return <Navigate to="/first-password" replace />;
  if (session.data) return children;
  const failed = session.error ?? setup.error;
  if (failed) {
    const retry = () => void (session.error ? session.refetch() : setup.refetch());
    return <FullPage><ErrorState error={failed} retry={retry} /></FullPage>;
  }
  if (!setup.data) return <FullPage><Loading /></FullPage>;
  if (setup.data.needed) return <Navigate to="/setup" replace />;
  const here = location.pathname + location.search;
  return <Navigate to={here === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(here)}`} replace />;
}
