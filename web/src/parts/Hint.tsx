// A hint is what an element says when it is pointed at or has the focus. It is made when it is wanted: most are never looked at,
// and a table has hundreds.
import clsx from 'clsx';
import { cloneElement, type FocusEvent, type PointerEvent, type ReactElement, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';

import styles from './Hint.module.css';

const afterMs = 250;
const gap = 6;
const edge = 8;

// A child must take these to have a hint; all elements do.
interface Hinted {
  'aria-describedby'?: string;
  onPointerEnter?: (event: PointerEvent<HTMLElement>) => void;
  onPointerLeave?: (event: PointerEvent<HTMLElement>) => void;
  onFocus?: (event: FocusEvent<HTMLElement>) => void;
  onBlur?: (event: FocusEvent<HTMLElement>) => void;
}

interface HintProps {
  label: string;
  // How long it is pointed at before.
  delayMs?: number;
  children: ReactElement;
}

export function Hint({ label, delayMs = afterMs, children }: HintProps) {
  const id = useId();
  const [near, setNear] = useState<{ element: HTMLElement; afterMs: number } | null>(null);
  // The element, while it says something.
  const [shown, setShown] = useState<HTMLElement | null>(null);
  useEffect(() => {
    if (near === null) return;
    const timer = setTimeout(() => setShown(near.element), near.afterMs);
    return () => clearTimeout(timer);
  }, [near]);
  useEffect(() => {
    if (shown === null) return;
    const hide = (event: Event) => {
      if (!(event instanceof KeyboardEvent) || event.key === 'Escape') setShown(null);
    };
    addEventListener('keydown', hide);
    addEventListener('scroll', hide, { capture: true, passive: true });
    return () => {
      removeEventListener('keydown', hide);
      removeEventListener('scroll', hide, { capture: true });
    };
  }, [shown]);
  const hide = () => {
    setNear(null);
    setShown(null);
  };
  const child = children as ReactElement<Hinted>;
  const own = child.props;  // the child's own handlers hear of all as well
  const hinted = cloneElement(child, {
    'aria-describedby': shown === null ? own['aria-describedby'] : id,
    onPointerEnter: (event) => {
      own.onPointerEnter?.(event);
      setNear({ element: event.currentTarget, afterMs: delayMs });
    },
    onPointerLeave: (event) => {
      own.onPointerLeave?.(event);
      hide();
    },
    // A click or a tap gives the focus too; that is no wish to read.
    onFocus: (event) => {
      own.onFocus?.(event);
      if (event.currentTarget.matches(':focus-visible')) setNear({ element: event.currentTarget, afterMs: 0 });
    },
    onBlur: (event) => {
      own.onBlur?.(event);
      hide();
    },
  });
  return (
    <>
      {hinted}
      {shown !== null && createPortal(<Shown id={id} of={shown} label={label} />, document.body)}
    </>
  );
}

// Above the element, or below where there is no room; never beyond the edge of the screen.
function Shown({ id, of, label }: { id: string; of: HTMLElement; label: string }) {
  const own = useRef<HTMLDivElement>(null);
  const [below, setBelow] = useState(false);
  useLayoutEffect(() => {
    const [at, box] = [of.getBoundingClientRect(), own.current];
    if (box === null) return;
    const above = at.top - gap - box.offsetHeight >= edge;
    const half = box.offsetWidth / 2;
    const middle = Math.max(edge + half, Math.min(innerWidth - edge - half, at.left + at.width / 2));
    box.style.left = `${middle}px`;
    box.style.top = `${above ? at.top - gap : at.bottom + gap}px`;
    setBelow(!above);
  }, [of, label]);
  return <div ref={own} id={id} role="tooltip" className={clsx(styles.hint, below && styles.below)}>{label}</div>;
}
