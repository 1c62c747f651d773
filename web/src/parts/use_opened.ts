import { useEffect, useRef, useState } from 'react';

// For a menu that comes in place of the button that was clicked (OnDemand.tsx): opens it, once its own button has the focus, to
// which the focus returns when it is closed.
export function useOpened() {
  const button = useRef<HTMLButtonElement>(null);
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      button.current?.focus({ preventScroll: true });
      setOpened(true);
    });
    return () => cancelAnimationFrame(frame);
  }, []);
  return { button, opened, setOpened };
}
