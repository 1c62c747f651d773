import { useEffect, useRef, useState } from 'react';

// Tells whether somebody types elsewhere by now.
export function isTypingElsewhere(): boolean {
  return document.activeElement?.matches('input, textarea, select, [contenteditable]') ?? false;
}

// For a menu that comes in place of the button that was clicked (OnDemand.tsx): opens it, once its own button has the focus, to
// which the focus returns when it is closed. Who types elsewhere by then keeps the focus there.
export function useOpened() {
  const button = useRef<HTMLButtonElement>(null);
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (isTypingElsewhere()) return;
      button.current?.focus({ preventScroll: true });
      setOpened(true);
    });
    return () => cancelAnimationFrame(frame);
  }, []);
  return { button, opened, setOpened };
}
