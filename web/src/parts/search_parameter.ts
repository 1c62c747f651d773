// Parameters of a page's address, which keep what a list shows.
import { useSearchParams } from 'react-router';

// Sets a parameter in the place of its old value; null or '' removes it.
export function useSetParameter(): (name: string, value: string | null) => void {
  const [, setSearch] = useSearchParams();
  return (name, value) => {
    setSearch((before) => {
      const next = new URLSearchParams(before);
      if (value) next.set(name, value);
      else next.delete(name);
      return next;
    }, { replace: true });
  };
}
