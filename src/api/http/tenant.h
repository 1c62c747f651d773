// TenantOf says which requests count together when a resource is scarce: those of a venues group with its venues, of a
// venue without a group, or of callers that see all.
#pragma once

#include <string>

#include "store/config_cache.h"

namespace shakehook {

// Returns "all", "group:g1" or "venue:v1". A venue's key counts for the venue's group, so that more keys get no larger
// share.
std::string TenantOf(const Scope& scope, const ConfigCache& config_cache);

}  // namespace shakehook
