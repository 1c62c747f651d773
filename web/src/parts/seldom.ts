// Does seldom what is wanted often: at once, and then at the end of each second in which it was wanted again.
// While one is under way no other begins.
import { useCallback, useEffect, useEffectEvent, useRef } from 'react';

const pauseMs = 1_000;

export function seldom(act: () => unknown, pause = pauseMs) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let busy = false;
  let wanted = false;
  let ended = false;
  const run = () => {
    if (ended || busy || timer !== undefined) {
      wanted = true;
      return;
    }
    wanted = false;
    busy = true;
    timer = setTimeout(() => {
      timer = undefined;
      if (wanted) run();
    }, pause);
    void Promise.resolve(act()).finally(() => {
      busy = false;
      if (wanted) run();
    });
  };
  const end = () => {
    ended = true;
    clearTimeout(timer);
  };
  return { run, end };
}

export function useSeldom(act: () => unknown): () => void {
  const onAct = useEffectEvent(() => act());
  const paced = useRef<ReturnType<typeof seldom> | null>(null);
  useEffect(() => {
    const made = seldom(() => onAct());
    paced.current = made;
    return made.end;
  }, []);
  return useCallback(() => paced.current?.run(), []);
}
