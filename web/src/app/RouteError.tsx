// What is shown where a page broke or could not be loaded.
import { useRouteError } from 'react-router';

import { ErrorState } from '../parts/ErrorState';
import { FullPage } from '../parts/FullPage';

export function RouteError() {
  return <FullPage><ErrorState error={useRouteError()} retry={() => location.reload()} /></FullPage>;
}
