import type { RouteObject } from 'react-router';

export const deliveryRoutes: RouteObject[] = [
  { path: 'deliveries', lazy: async () => ({ Component: (await import('./DeliveriesPage')).DeliveriesPage }) },
  { path: 'deliveries/:id', lazy: async () => ({ Component: (await import('./DeliveryPage')).DeliveryPage }) },
];
