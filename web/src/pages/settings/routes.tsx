import type { RouteObject } from 'react-router';

export const settingsRoutes: RouteObject[] = [
  { path: 'settings/venues', lazy: async () => ({ Component: (await import('./VenuesPage')).VenuesPage }) },
];
