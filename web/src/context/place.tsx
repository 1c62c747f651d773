// The place that a page is about: one venue, a whole group, or all that the user may see. Its address says which.
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useLocation } from 'react-router';

import type { Scope, Venue, VenuesGroup } from '@/api/schema';
import type { PlaceScope } from '@/queries/venues';
import { type PlaceName, placeOfPath } from './place_path';

export type Place =
  | { kind: 'venue'; id: string; name: string; venue: Venue; venues: Venue[]; scope: { venue_id: string } }
  | { kind: 'group'; id: string; name: string; group: VenuesGroup; venues: Venue[]; scope: { venues_group_id: string } }
  | { kind: 'all'; id: ''; venues: Venue[]; scope: null };

// Where custom fields are defined.
export type OwnPlace = Exclude<Place, { kind: 'all' }>;

interface Places {
  venues: Venue[];
  groups: VenuesGroup[];
  // Null where there is no venue yet.
  place: Place | null;
  // True: the address names something that does not exist or that the user may not see.
  unknown: boolean;
}

const PlacesContext = createContext<Places | null>(null);

// Who sees one venue alone is there, whatever the address says.
export function findPlace(named: PlaceName | null, venues: Venue[], groups: VenuesGroup[]): Place | null {
  if (named?.kind === 'group') {
    const group = groups.find(({ id }) => id === named.id);
    if (!group) return null;
    const within = venues.filter((venue) => venue.venues_group_id === group.id);
    return { kind: 'group', id: group.id, name: group.name, group, venues: within, scope: { venues_group_id: group.id } };
  }
  const venue = named === null ? (venues.length === 1 ? venues[0] : undefined) : venues.find(({ id }) => id === named.id);
  if (venue) return { kind: 'venue', id: venue.id, name: venue.name, venue, venues: [venue], scope: { venue_id: venue.id } };
  return named === null && venues.length > 0 ? { kind: 'all', id: '', venues, scope: null } : null;
}

// Returns the venues whose changes a webhook of that scope does not hear of.
export function venuesBeyond(scope: Scope, venues: Venue[]): Venue[] {
  return venues.filter(({ id, venues_group_id: group }) => ('venue_id' in scope ? scope.venue_id !== id : scope.venues_group_id !== group));
}

// As the query of a list that knows both, and takes all where there is none.
export function placeQuery(place: Place | null): Partial<{ venue_id: string; venues_group_id: string }> {
  return place?.scope ?? {};
}

// For what must belong to a place: a new webhook, a key.
export function scopeOf(place: Place | null): PlaceScope | null {
  return place?.scope ?? null;
}

export function PlacesProvider({ venues, groups, children }: { venues: Venue[]; groups: VenuesGroup[]; children: ReactNode }) {
  const { pathname } = useLocation();
  const named = placeOfPath(pathname);
  const key = named === null ? '' : `${named.kind}:${named.id}`;
  const places = useMemo<Places>(() => {
    const place = findPlace(named, venues, groups);
    return { venues, groups, place, unknown: named !== null && place === null };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `key` is `named` as a value
  }, [venues, groups, key]);
  return <PlacesContext value={places}>{children}</PlacesContext>;
}

export function usePlaces(): Places {
  const places = useContext(PlacesContext);
  if (places === null) throw new Error('usePlaces() outside of the shell');
  return places;
}
