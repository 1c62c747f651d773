// Is shown if a page broke or could not be loaded. If the server is gone, the page is loaded again once it is back.
import { useEffect, useState } from 'react';
import { useRouteError } from 'react-router';

import { useConnectionLost } from '@/api/connection';
import { Unreachable } from '@/api/problem';
import { ErrorState } from '@/parts/ErrorState';
import { FullPage } from '@/parts/FullPage';

export function RouteError() {
  const error = useRouteError();
  const lost = useConnectionLost();
  const [wasLost, setWasLost] = useState(lost);
  if (lost && !wasLost) setWasLost(true);
  useEffect(() => {
    if (wasLost && !lost) location.reload();
  }, [wasLost, lost]);
  return <FullPage><ErrorState error={wasLost ? new Unreachable(error) : error} retry={() => location.reload()} /></FullPage>;
}
