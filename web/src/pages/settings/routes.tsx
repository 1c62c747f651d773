// Settings of venues, fields, users and integrations, and the audit log.
import type { RouteObject } from 'react-router';

export const settingsRoutes: RouteObject[] = [
  { path: 'settings/integrations', lazy: async () => ({ Component: (await import('./IntegrationsPage')).IntegrationsPage }) },
  { path: 'settings/fields', lazy: async () => ({ Component: (await import('./fields/FieldsPage')).FieldsPage }) },
  { path: 'settings/venues', lazy: async () => ({ Component: (await import('./VenuesPage')).VenuesPage }) },
  { path: 'settings/notices', lazy: async () => ({ Component: (await import('./notices/NoticesPage')).NoticesPage }) },
  { path: 'settings/users', lazy: async () => ({ Component: (await import('./users/UsersPage')).UsersPage }) },
  { path: 'settings/audit', lazy: async () => ({ Component: (await import('./audit/AuditPage')).AuditPage }) },
];
