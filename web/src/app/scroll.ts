// Where a page was scrolled to, for who comes back to it; another page begins at its top.
import { useEffect, useRef } from 'react';
import { NavigationType, useLocation, useNavigationType } from 'react-router';

const kept = new Map<string, number>();
// The content of a page may come a moment later.
const waitMsMax = 2_000;

// `onArrive` is called where a page was opened that is not the first one.
export function useScroll(onArrive: () => void) {
  const { key, pathname } = useLocation();
  const type = useNavigationType();
  const arrive = useRef(onArrive);
  useEffect(() => {
    arrive.current = onArrive;
  });
  // The address of another part of a list, whose length is the same, comes without an event.
  useEffect(() => {
    const keep = () => kept.set(key, scrollY);
    if (!kept.has(key)) keep();
    addEventListener('scroll', keep, { passive: true });
    return () => removeEventListener('scroll', keep);
  }, [key]);
  const before = useRef<string | null>(null);
  useEffect(() => {
    const first = before.current === null;
    const other = before.current !== pathname;
    before.current = pathname;
    if (type === NavigationType.Pop && !first) {
      const wanted = kept.get(key) ?? 0;
      const began = performance.now();
      let frame = 0;
      const go = () => {
        scrollTo({ top: wanted });
        if (Math.abs(scrollY - wanted) > 2 && performance.now() - began < waitMsMax) frame = requestAnimationFrame(go);
      };
      go();
      return () => cancelAnimationFrame(frame);
    }
    if (other && !first) {
      scrollTo({ top: 0 });
      arrive.current();
    }
    return undefined;
  }, [key, pathname, type]);
}
