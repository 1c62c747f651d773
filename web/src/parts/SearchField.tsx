// A field that searches for what is typed, after a pause.
import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';

const typingPauseMs = 300;
// A shorter list needs no search.
export const searchedMin = 8;

interface TypedSearch {
  typed: string;
  type: (text: string) => void;
  clear: () => void;
}

// `q` is what is searched for at first; `find` gets the text after each pause.
export function useTypedSearch(q: string, find: (text: string) => void): TypedSearch {
  const [typed, setTyped] = useState(q);
  const findSoon = useDebouncedCallback(find, typingPauseMs);
  return {
    typed,
    type: (text) => {
      setTyped(text);
      findSoon(text);
    },
    clear: () => setTyped(''),
  };
}

interface SearchFieldProps {
  search: TypedSearch;
  label: string;
  placeholder?: string;
  width?: number;
}

export function SearchField({ search, label, placeholder = label, width = 320 }: SearchFieldProps) {
  return (
    <TextInput
      aria-label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={search.typed}
      onChange={({ currentTarget }) => search.type(currentTarget.value)}
      w={width}
      maw="100%"
    />
  );
}
