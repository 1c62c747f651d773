// The places that were chosen last in this browser, for the top of the chooser. They say nothing of where a page is.
import { placeOfPath, prefixOf } from './place_path';

const storageKey = 'shakehook-recent-places';
const keptMax = 5;

// As prefixes of addresses, the last one first.
export function recentPlaces(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    return Array.isArray(kept) ? (kept as unknown[]).filter((each): each is string => typeof each === 'string' && prefixOf(placeOfPath(each)) === each).slice(0, keptMax) : [];
  } catch {
    return [];
  }
}

export function rememberPlace(prefix: string) {
  if (prefix === '') return;
  try {
    localStorage.setItem(storageKey, JSON.stringify([prefix, ...recentPlaces().filter((each) => each !== prefix)].slice(0, keptMax)));
  } catch {
    // It is forgotten, then.
  }
}
