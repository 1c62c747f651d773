#include "model/scope.h"

namespace shakehook {

bool Scope::Covers(const Venue& venue) const {
  switch (kind) {
    case Kind::kAll:
      return true;
    case Kind::kVenuesGroup:
      return venue.venues_group_id && venue.venues_group_id->text == id;
    case Kind::kVenue:
      return venue.id.text == id;
  }
  return false;
}

bool Contains(const Scope& outer, const Scope& inner, const Venue* inner_venue) {
  if (outer.kind == Scope::Kind::kAll || outer == inner) return true;
  return inner.kind == Scope::Kind::kVenue && inner_venue != nullptr && outer.Covers(*inner_venue);
}

}  // namespace shakehook
