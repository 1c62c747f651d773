// Which field a column of a file is likely to fill, by what it is called. The server reads the file; this only proposes.
import type { CustomField } from '@/api/schema';
import { fieldGroups } from '@/parts/records/kinds';
import type { Mapping } from '@/queries/imports';
import type { Kind } from '@/queries/records';

// The fields that a column may fill: the id, the documented fields, then the custom ones.
export function targetsOf(kind: Kind, fields: CustomField[]): string[] {
  const documented = fieldGroups[kind].flatMap((group) => group.fields.map(({ name }) => name));
  return ['id', ...documented, ...fields.map(({ code }) => code)];
}

const plain = (name: string) => name.normalize('NFD').replace(/[^\p{L}\p{N}]+/gu, '').toLowerCase();

// The mapping that the header suggests. `labels` says how each target is called on the screen. No target is taken twice.
export function guessMapping(header: string[], targets: string[], labels: Record<string, string>): Mapping {
  const taken = new Set<string>();
  return header.map((name) => {
    const wanted = plain(name);
    const free = targets.filter((target) => !taken.has(target));
    const found = free.find((target) => plain(target) === wanted) ?? free.find((target) => plain(labels[target] ?? '') === wanted);
    if (wanted === '' || found === undefined) return null;
    taken.add(found);
    return found;
  });
}
