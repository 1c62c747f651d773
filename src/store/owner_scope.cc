#include "store/owner_scope.h"

namespace shakehook {

Scope OwnerOf(Scope scope, const ConfigCache& config_cache) {
  if (scope.kind != Scope::Kind::kVenue) return scope;
  const SharedVenue venue = config_cache.FindVenue(VenueId{scope.id});
  return venue && venue->venues_group_id ? Scope::Of(*venue->venues_group_id) : scope;
}

}  // namespace shakehook
