import type { RouteObject } from 'react-router';

export const gettingStartedRoutes: RouteObject[] = [
  { path: 'getting-started', lazy: async () => ({ Component: (await import('./GettingStartedPage')).GettingStartedPage }) },
];
