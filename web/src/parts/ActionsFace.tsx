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

type FaceProps = Omit<ActionsMenuProps, 'actions'> & Pick<ComponentPropsWithRef<'button'>, 'ref' | 'onClick' | 'onPointerEnter' | 'onFocus'>;

export function ActionsFace({ label, busy = false, framed = false, children, ...button }: FaceProps) {
  if (children !== undefined) {
    return <Button variant="default" aria-haspopup="menu" rightSection={<IconChevronDown size={16} aria-hidden />} {...button}>{children}</Button>;
  }
  // A plain button: a list has fifty of them.
  return (
    <button type="button" className={clsx(styles.dots, framed && styles.framed)} aria-label={label} aria-haspopup="menu" disabled={busy} {...button}>
      {busy ? <Loader size={14} /> : <IconDots size={framed ? 16 : 18} aria-hidden />}
    </button>
  );
}
