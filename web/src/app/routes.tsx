// Every address of the dashboard. A page area lists its own in pages/<area>/routes.tsx; each page is loaded when it is
// opened.
import { createBrowserRouter, Navigate } from 'react-router';

import { accessRoutes } from '@/pages/access/routes';
import { accountRoutes } from '@/pages/account/routes';
import { deliveryRoutes } from '@/pages/deliveries/routes';
import { gettingStartedRoutes } from '@/pages/getting_started/routes';
import { inboxRoutes } from '@/pages/inboxes/routes';
import { recordRoutes } from '@/pages/records/routes';
import { settingsRoutes } from '@/pages/settings/routes';
import { webhookRoutes } from '@/pages/webhooks/routes';
import { NotFound } from './NotFound';
import { RequireSession } from './RequireSession';
import { RouteError } from './RouteError';
import { Shell } from './shell/Shell';

export const router = createBrowserRouter([
  {
    errorElement: <RouteError />,
    HydrateFallback: () => null,
    children: [
      ...accessRoutes,
      {
        element: <RequireSession><Shell /></RequireSession>,
        children: [
          {
            errorElement: <RouteError />,
            children: [
              { index: true, element: <Navigate to="/getting-started" replace /> },
              ...gettingStartedRoutes,
              ...recordRoutes,
              ...webhookRoutes,
              ...deliveryRoutes,
              ...inboxRoutes,
              ...settingsRoutes,
              ...accountRoutes,
              { path: '*', element: <NotFound /> },
            ],
          },
        ],
      },
    ],
  },
]);
