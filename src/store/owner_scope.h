// OwnerOf says who a scope belongs to when something scarce is shared: a venue shares with the other venues of its
// group, so that more venues give no larger share.
#pragma once

#include "model/scope.h"
#include "store/config_cache.h"

namespace shakehook {

// Returns the venues group of a venue that is in one; else the scope itself.
Scope OwnerOf(Scope scope, const ConfigCache& config_cache);

}  // namespace shakehook
