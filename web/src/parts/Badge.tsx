// A word on a tint that says a state. A plain element: a list has hundreds of them.
import clsx from 'clsx';
import type { ComponentPropsWithRef, ReactNode } from 'react';

import styles from './Badge.module.css';

export type BadgeColor = 'ink' | 'teal' | 'red' | 'orange' | 'yellow' | 'gray' | 'blue' | 'grape';

interface BadgeProps extends Omit<ComponentPropsWithRef<'span'>, 'color'> {
  color?: BadgeColor;
  // Beside text of a line.
  small?: boolean;
  icon?: ReactNode;
}

export function Badge({ color = 'ink', small = false, icon, className, children, ...span }: BadgeProps) {
  return (
    <span className={clsx(styles.badge, small && styles.small, className)} data-color={color} {...span}>
      {icon}
      {children}
    </span>
  );
}
