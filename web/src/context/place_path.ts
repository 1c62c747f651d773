// The place of a page, as its address says it: /v/<venue>/contacts, /g/<group>/contacts, and without either all that the
// user may see. Nothing else says it, so that two tabs differ and a link carries it.

export interface PlaceName {
  kind: 'venue' | 'group';
  id: string;
}

const pattern = /^\/(v|g)\/([^/]+)(?=\/|$)/;
// Addresses outside of every place.
const unplaced = /^\/(sign-in|setup|docs|openapi\.json|inbox|api)(\/|$|\?)/;

// Null: all.
export function placeOfPath(pathname: string): PlaceName | null {
  const [, letter, id] = pattern.exec(pathname) ?? [];
  if (letter === undefined || id === undefined) return null;
  try {
    return { kind: letter === 'v' ? 'venue' : 'group', id: decodeURIComponent(id) };
  } catch {
    return null;
  }
}

// "/v/venue123", or "" for all.
export function prefixOf(place: PlaceName | null): string {
  return place === null ? '' : `/${place.kind === 'venue' ? 'v' : 'g'}/${encodeURIComponent(place.id)}`;
}

// The address within the place: "/contacts".
export function withoutPlace(pathname: string): string {
  return pathname.replace(pattern, '') || '/';
}

// The same address in another place. A list stays; what belongs to one record, webhook or delivery leads to its list.
export function inPlace(pathname: string, place: PlaceName | null): string {
  const [, area = '', page = ''] = withoutPlace(pathname).split('/');
  const kept = area === 'settings' ? `settings/${page}` : page === 'new' || page === 'import' ? `${area}/${page}` : area === 'venues' ? '' : area.replace(/-imports$/, 's');
  return kept === '' ? prefixOf(place) || '/' : `${prefixOf(place)}/${kept}`;
}

// An address of the dashboard as it is within the place of `pathname`.
export function linkFrom(pathname: string, to: string): string {
  if (!to.startsWith('/') || unplaced.test(to) || pattern.test(to)) return to;
  const prefix = prefixOf(placeOfPath(pathname));
  return to === '/' && prefix !== '' ? prefix : prefix + to;
}
