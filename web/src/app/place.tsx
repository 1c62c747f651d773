// The place that the pages are about: one venue, or a whole group, chosen in the header and remembered.
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';

import type { Venue, VenuesGroup } from '@/api/schema';
import type { PlaceScope } from '@/queries/venues';

export type Place =
  | { kind: 'venue'; id: string; name: string; venue: Venue; scope: { venue_id: string } }
  | { kind: 'group'; id: string; name: string; group: VenuesGroup; venues: Venue[]; scope: { venues_group_id: string } };

interface Places {
  venues: Venue[];
  groups: VenuesGroup[];
  // Null where there is no venue yet.
  place: Place | null;
  choose: (scope: PlaceScope) => void;
}

const storageKey = 'shakehook-place';

const PlacesContext = createContext<Places | null>(null);

function remembered(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

// "venue:ID" or "group:ID".
function nameOf(scope: PlaceScope) {
  return 'venue_id' in scope ? `venue:${scope.venue_id}` : `group:${scope.venues_group_id}`;
}

export function findPlace(chosen: string | null, venues: Venue[], groups: VenuesGroup[]): Place | null {
  const group = groups.find(({ id }) => chosen === `group:${id}`);
  if (group) {
    const within = venues.filter((venue) => venue.venues_group_id === group.id);
    return { kind: 'group', id: group.id, name: group.name, group, venues: within, scope: { venues_group_id: group.id } };
  }
  const venue = venues.find(({ id }) => chosen === `venue:${id}`) ?? venues[0];
  if (!venue) return null;
  return { kind: 'venue', id: venue.id, name: venue.name, venue, scope: { venue_id: venue.id } };
}

export function PlacesProvider({ venues, groups, children }: { venues: Venue[]; groups: VenuesGroup[]; children: ReactNode }) {
  const [chosen, setChosen] = useState(remembered);
  const places = useMemo<Places>(
    () => ({
      venues,
      groups,
      place: findPlace(chosen, venues, groups),
      choose: (scope) => {
        const name = nameOf(scope);
        setChosen(name);
        try {
          localStorage.setItem(storageKey, name);
        } catch {
          // It is forgotten with the page, then.
        }
      },
    }),
    [venues, groups, chosen],
  );
  return <PlacesContext value={places}>{children}</PlacesContext>;
}

export function usePlaces(): Places {
  const places = useContext(PlacesContext);
  if (places === null) throw new Error('usePlaces() outside of the shell');
  return places;
}
