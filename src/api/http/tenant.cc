#include "api/http/tenant.h"

namespace shakehook {

std::string TenantOf(const Scope& scope, const ConfigCache& config_cache) {
  switch (scope.kind) {
    case Scope::Kind::kAll:
      break;
    case Scope::Kind::kVenuesGroup:
      return "group:" + scope.id;
    case Scope::Kind::kVenue: {
      const SharedVenue venue = config_cache.FindVenue(VenueId{scope.id});
      if (venue && venue->venues_group_id) return "group:" + venue->venues_group_id->text;
      return "venue:" + scope.id;
    }
  }
  return "all";
}

}  // namespace shakehook
