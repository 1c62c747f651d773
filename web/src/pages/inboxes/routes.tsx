import type { RouteObject } from 'react-router';

export const inboxRoutes: RouteObject[] = [
  { path: 'inboxes', lazy: async () => ({ Component: (await import('./InboxesPage')).InboxesPage }) },
];
