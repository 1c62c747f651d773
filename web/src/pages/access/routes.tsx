// First start and sign-in: the pages without a session.
import type { RouteObject } from 'react-router';

export const accessRoutes: RouteObject[] = [
  { path: 'setup', lazy: async () => ({ Component: (await import('./SetupPage')).SetupPage }) },
  { path: 'sign-in', lazy: async () => ({ Component: (await import('./SignInPage')).SignInPage }) },
];
