// The menu lists what can be done with a row or a page, behind a button.
import { ActionsFace, type ActionsMenuProps } from './ActionsFace';
import { OnDemand } from './OnDemand';

export function ActionsMenu(props: ActionsMenuProps) {
  const { label, busy, framed, children } = props;
  const face = { label, busy, framed, children };
  return <OnDemand load={() => import('./ActionsMenuOpened')} props={props} button={(opener) => <ActionsFace {...face} {...opener} />} />;
}
