// Every address of the dashboard. A page area lists its own in pages/<area>/routes.tsx; each page is loaded when it is
// opened. All pages are there in every place (place_path.ts).
import { createBrowserRouter, type RouteObject } from 'react-router';

import { accessRoutes } from '@/pages/access/routes';
import { accountRoutes } from '@/pages/account/routes';
import { deliveryRoutes } from '@/pages/deliveries/routes';
import { eventRoutes } from '@/pages/events/routes';
import { gettingStartedRoutes } from '@/pages/getting_started/routes';
import { homeRoutes } from '@/pages/home/routes';
import { inboxRoutes } from '@/pages/inboxes/routes';
import { recordRoutes } from '@/pages/records/routes';
import { settingsRoutes } from '@/pages/settings/routes';
import { venueRoutes } from '@/pages/venues/routes';
import { webhookRoutes } from '@/pages/webhooks/routes';
import { NotFound } from './NotFound';
import { RequireSession } from './RequireSession';
import { RouteError } from './RouteError';
import { Shell } from './shell/Shell';

const pages: RouteObject[] = [
  ...homeRoutes,
  ...gettingStartedRoutes,
  ...recordRoutes,
  ...webhookRoutes,
  ...deliveryRoutes,
  ...eventRoutes,
  ...venueRoutes,
  ...inboxRoutes,
  ...settingsRoutes,
  ...accountRoutes,
  { path: '*', element: <NotFound /> },
];

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
            children: [{ path: 'v/:placeId', children: pages }, { path: 'g/:placeId', children: pages }, ...pages],
          },
        ],
      },
    ],
  },
]);
