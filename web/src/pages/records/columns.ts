// Which columns the lists show beside the name; each browser keeps its choice.
import { useMemo, useState } from 'react';

import { fieldGroups } from '@/parts/records/kinds';
import type { Kind } from '@/queries/records';

const usual: Record<Kind, string[]> = {
  contact: ['email', 'phone', 'city', 'created_at'],
  account: ['company_type', 'vat_number', 'city', 'created_at'],
};

// Fields that the name's column shows already, and one that is no text.
const elsewhere = ['first_name', 'last_name', 'name', 'optin_marketing'];
const namesOf = (kind: Kind) => [
  ...fieldGroups[kind].filter(({ name }) => name !== 'billing').flatMap(({ fields }) => fields.map(({ name }) => name)).filter((name) => !elsewhere.includes(name)),
  'created_at',
  'updated_at',
];
export const columnNames: Record<Kind, string[]> = { contact: namesOf('contact'), account: namesOf('account') };

const storageKey = (kind: Kind) => `shakehook-columns-${kind}`;

// In the order of `columnNames`; what is kept and unknown is passed over.
export function readColumns(kind: Kind, kept: string | null): string[] {
  try {
    const names: unknown = JSON.parse(kept ?? '');
    if (Array.isArray(names)) return columnNames[kind].filter((name) => names.includes(name));
  } catch {
    // The browser keeps no value, or not one of ours.
  }
  return usual[kind];
}

function remembered(kind: Kind): string | null {
  try {
    return localStorage.getItem(storageKey(kind));
  } catch {
    return null;
  }
}

export function useShownColumns(kind: Kind) {
  const [kept, setKept] = useState(() => remembered(kind));
  const shown = useMemo(() => readColumns(kind, kept), [kind, kept]);
  const toggle = (name: string) => {
    const text = JSON.stringify(shown.includes(name) ? shown.filter((each) => each !== name) : [...shown, name]);
    setKept(text);
    try {
      localStorage.setItem(storageKey(kind), text);
    } catch {
      // It is forgotten with the page, then.
    }
  };
  return { shown, toggle };
}
