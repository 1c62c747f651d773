import type { RouteObject } from 'react-router';

export const webhookRoutes: RouteObject[] = [
  { path: 'webhooks', lazy: async () => ({ Component: (await import('./WebhooksPage')).WebhooksPage }) },
  { path: 'webhooks/new', lazy: async () => ({ Component: (await import('./NewWebhookPage')).NewWebhookPage }) },
  { path: 'webhooks/new/:id', lazy: async () => ({ Component: (await import('./MadeWebhookPage')).MadeWebhookPage }) },
  { path: 'webhooks/:id', lazy: async () => ({ Component: (await import('./WebhookPage')).WebhookPage }) },
];
