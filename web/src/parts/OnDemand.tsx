// A button whose menu comes when it is first wanted: menus weigh more than the pages that they are on. The button stays, with
// the focus, until the menu is there.
import { type ComponentType, type KeyboardEvent, type ReactNode, useState } from 'react';

import { tryToLoad } from '@/api/lost_files';
import { useTranslation } from '@/texts/translation';
import { notifyFailed } from './notify';

export interface Opener {
  onClick?: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  onPointerEnter?: () => void;
  onFocus?: () => void;
}

interface OnDemandProps<Props> {
  // The menu with its button. It opens itself at once, and takes the focus (use_opened.ts).
  load: () => Promise<{ default: ComponentType<Props> }>;
  // The menu's properties, or what makes them of that which was typed on the button while the menu was on its way.
  props: Props | ((typed: string) => Props);
  button: (opener: Opener) => ReactNode;
}

export function OnDemand<Props extends object>({ load, props, button }: OnDemandProps<Props>) {
  const { t } = useTranslation();
  const [Menu, setMenu] = useState<ComponentType<Props> | null>(null);
  const [typed, setTyped] = useState<string | null>(null);  // null: nobody waits for the menu
  if (Menu !== null) return <Menu {...(typeof props === 'function' ? props(typed ?? '') : props)} />;
  // A menu that is pointed at is about to be wanted. If it does not come, the click asks for it again.
  const fetch = () => void tryToLoad(load).catch(() => {});
  const open = async () => {
    if (typed !== null) return;
    setTyped('');
    try {
      const menu = await tryToLoad(load);
      setMenu(() => menu.default);
    } catch {
      setTyped(null);
      notifyFailed(t('menu_lost'));
    }
  };
  const keep = (event: KeyboardEvent) => {
    if (typed === null || event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    setTyped((before) => (before ?? '') + event.key);
  };
  return button({ onClick: () => void open(), onKeyDown: keep, onPointerEnter: fetch, onFocus: fetch });
}
