#include "api/http/tenant.h"

#include "store/owner_scope.h"

namespace shakehook {

std::string TenantOf(const Scope& scope, const ConfigCache& config_cache) {
  const Scope owner = OwnerOf(scope, config_cache);
  switch (owner.kind) {
    case Scope::Kind::kAll:
      break;
    case Scope::Kind::kVenuesGroup:
      return "group:" + owner.id;
    case Scope::Kind::kVenue:
      return "venue:" + owner.id;
  }
  return "all";
}

}  // namespace shakehook
