// Whose requests count together, where there is not enough for all: a venues group with its venues, a venue of no
// group, or who sees all.
#pragma once

#include <string>

#include "store/directory.h"

namespace shakehook {

// "all", "group:g1", "venue:v1". A venue's key counts for the venue's group, so that more keys are no larger share.
std::string TenantOf(const Scope& scope, const Directory& directory);

}  // namespace shakehook
