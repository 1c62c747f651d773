// The log by keys: j and k walk through it, Enter opens, x marks, r sends again, Escape closes. Typing is left alone.
import { useEffect, useEffectEvent } from 'react';

export interface LogKeys {
  onStep: (by: 1 | -1) => void;
  onOpen: () => void;
  onMark: () => void;
  onSendAgain: () => void;
  onClose: () => void;
}

const isTyping = (target: EventTarget | null) => target instanceof Element && target.closest('input:not([type=checkbox]), textarea, select, [contenteditable], [role=dialog], [role=listbox], [role=menu]') !== null;
const isControl = (target: EventTarget | null) => target instanceof Element && target.closest('a, button, [role=tab], summary') !== null;

export function useLogKeys(keys: LogKeys) {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === 'Enter' && isControl(event.target)) return;
    const act = { j: () => keys.onStep(1), k: () => keys.onStep(-1), Enter: keys.onOpen, x: keys.onMark, r: keys.onSendAgain, Escape: keys.onClose }[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
}
