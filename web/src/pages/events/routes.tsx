import type { RouteObject } from 'react-router';

export const eventRoutes: RouteObject[] = [
  { path: 'events', lazy: async () => ({ Component: (await import('./EventsPage')).EventsPage }) },
  { path: 'events/:id', lazy: async () => ({ Component: (await import('./EventPage')).EventPage }) },
];
