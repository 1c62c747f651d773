// Asks before a form with unsaved text is left: by a link, by Back, or by closing the tab.
import { lazy, Suspense, useEffect } from 'react';
import { useBlocker } from 'react-router';

const LeaveModal = lazy(async () => ({ default: (await import('./LeaveModal')).LeaveModal }));

export function LeaveGuard({ when }: { when: boolean }) {
  const tabOf = (search: string) => new URLSearchParams(search).get('tab');
  const blocker = useBlocker(
    ({ currentLocation: from, nextLocation: to }) => when && (from.pathname !== to.pathname || tabOf(from.search) !== tabOf(to.search)),
  );
  useEffect(() => {
    if (!when) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [when]);
  if (blocker.state !== 'blocked') return null;
  return <Suspense fallback={null}><LeaveModal onStay={() => blocker.reset()} onLeave={() => blocker.proceed()} /></Suspense>;
}
