// The button of what can be done with a row or a page. With `children` a button with words; else three dots, whose name is
// `label`.
import { Button, Loader } from '@mantine/core';
import { type Icon, IconChevronDown, IconDots } from '@tabler/icons-react';
import clsx from 'clsx';
import type { ComponentPropsWithRef } from 'react';

import styles from './ActionsFace.module.css';

export interface Action {
  label: string;
  icon: Icon;
  // It cannot be taken back.
  grave?: boolean;
  disabled?: boolean;
  onClick: () => void;
}

export interface ActionsMenuProps {
  label: string;
  actions: Action[];
  busy?: boolean;
  // Among other buttons it has their edge.
  framed?: boolean;
  children?: string;
}

type FaceProps = Omit<ActionsMenuProps, 'actions'> & Pick<ComponentPropsWithRef<'button'>, 'ref' | 'className' | 'onClick' | 'onPointerEnter' | 'onFocus'>;

export function ActionsFace({ label, busy = false, framed = false, children, className, ...button }: FaceProps) {
  if (children !== undefined) {
    return <Button variant="default" aria-haspopup="menu" rightSection={<IconChevronDown size={16} aria-hidden />} className={className} {...button}>{children}</Button>;
  }
  // A plain button: a list has fifty of them. The menu gives it a class of its own, which stands beside these.
  return (
    <button type="button" className={clsx(styles.dots, framed && styles.framed, className)} aria-label={label} aria-haspopup="menu" disabled={busy} {...button}>
      {busy ? <Loader size={14} /> : <IconDots size={framed ? 16 : 18} aria-hidden />}
    </button>
  );
}
