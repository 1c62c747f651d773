// A venue by its name, as a link to its page.
import { Anchor } from '@mantine/core';

import { Link } from '@/context/links';
import { usePlaces } from '@/context/place';

export function VenueName({ id }: { id: string }) {
  const { venues } = usePlaces();
  const venue = venues.find((each) => each.id === id);
  if (venue === undefined) return id;
  return <Anchor component={Link} to={`/venues/${encodeURIComponent(id)}`} inherit c="inherit">{venue.name}</Anchor>;
}
