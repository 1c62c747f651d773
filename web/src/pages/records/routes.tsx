import type { RouteObject } from 'react-router';

import type { Kind } from '@/queries/records';

function routesOf(kind: Kind): RouteObject[] {
  const base = `${kind}s`;
  return [
    { path: base, lazy: async () => { const { RecordsPage } = await import('./RecordsPage'); return { Component: () => <RecordsPage key={kind} kind={kind} /> }; } },
    { path: `${base}/new`, lazy: async () => { const { NewRecordPage } = await import('./NewRecordPage'); return { Component: () => <NewRecordPage key={kind} kind={kind} /> }; } },
    { path: `${base}/import`, lazy: async () => { const { ImportPage } = await import('./import/ImportPage'); return { Component: () => <ImportPage key={kind} kind={kind} /> }; } },
    { path: `${kind}-imports/:importId`, lazy: async () => { const { ImportJobPage } = await import('./import/ImportJobPage'); return { Component: () => <ImportJobPage key={kind} kind={kind} /> }; } },
    { path: `${base}/:venueId/:id`, lazy: async () => { const { RecordPage } = await import('./RecordPage'); return { Component: () => <RecordPage key={kind} kind={kind} /> }; } },
  ];
}

export const recordRoutes: RouteObject[] = [...routesOf('contact'), ...routesOf('account')];
