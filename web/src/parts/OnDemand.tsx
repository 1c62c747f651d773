// A button whose menu comes when it is first wanted: menus weigh more than the pages that they are on.
import { type ComponentType, lazy, type ReactNode, Suspense, useState } from 'react';

export interface Opener {
  // They are absent while the menu is on its way.
  onClick?: () => void;
  onPointerEnter?: () => void;
  onFocus?: () => void;
}

interface OnDemandProps<Props> {
  // The menu with its button. It opens itself at once, and takes the focus (use_opened.ts).
  load: () => Promise<{ default: ComponentType<Props> }>;
  props: Props;
  button: (opener: Opener) => ReactNode;
}

export function OnDemand<Props extends object>({ load, props, button }: OnDemandProps<Props>) {
  const [Wanted, setWanted] = useState<ComponentType<Props> | null>(null);
  if (Wanted !== null) return <Suspense fallback={button({})}><Wanted {...props} /></Suspense>;
  // A menu that is pointed at is about to be wanted. If it does not come, the click asks for it again.
  const fetch = () => void load().catch(() => {});
  return button({ onClick: () => setWanted(() => lazy(load) as ComponentType<Props>), onPointerEnter: fetch, onFocus: fetch });
}
