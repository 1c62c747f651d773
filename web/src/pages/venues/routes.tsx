import type { RouteObject } from 'react-router';

export const venueRoutes: RouteObject[] = [{ path: 'venues/:venueId', lazy: async () => ({ Component: (await import('./VenuePage')).VenuePage }) }];
