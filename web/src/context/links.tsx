// Links and ways of the dashboard: each stays within the place of the page that it is on.
import { type ComponentProps, useCallback } from 'react';
import { Link as RouterLink, type NavigateOptions, useLocation, useNavigate } from 'react-router';

import { linkFrom } from './place_path';

export function Link({ to, ...rest }: Omit<ComponentProps<typeof RouterLink>, 'to'> & { to: string }) {
  const { pathname } = useLocation();
  return <RouterLink to={linkFrom(pathname, to)} {...rest} />;
}

// As useNavigate of the router, within the place.
export function useGo() {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  return useCallback((to: string, options?: NavigateOptions) => navigate(linkFrom(pathname, to), options), [navigate, pathname]);
}
