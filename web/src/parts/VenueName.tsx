// A venue by its name.
import { usePlaces } from '@/app/place';

export function VenueName({ id }: { id: string }) {
  const { venues } = usePlaces();
  return venues.find((venue) => venue.id === id)?.name ?? id;
}
