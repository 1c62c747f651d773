// The button that says the place, and opens the choice of another.
import { usePlaces } from '@/context/place';
import { OnDemand } from '@/parts/OnDemand';
import { PlaceFace } from './PlaceFace';

export function PlaceButton() {
  const { venues } = usePlaces();
  if (venues.length === 0) return null;
  return <OnDemand load={() => import('./PlaceChooser')} props={(typed) => ({ typed })} button={(opener) => <PlaceFace aria-haspopup="listbox" {...opener} />} />;
}
