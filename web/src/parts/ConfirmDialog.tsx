// Asks before something that cannot be undone. Stays open, and says why, when it fails. Dialogs weigh more than most pages
// do, so this one is loaded when it is opened for the first time.
import { lazy, Suspense, useState } from 'react';

import type { ConfirmDialogProps } from './ConfirmModal';

const ConfirmModal = lazy(async () => ({ default: (await import('./ConfirmModal')).ConfirmModal }));

export function ConfirmDialog(props: ConfirmDialogProps) {
  const [wanted, setWanted] = useState(false);
  if (props.opened && !wanted) setWanted(true);
  return wanted ? <Suspense fallback={null}><ConfirmModal {...props} /></Suspense> : null;
}
