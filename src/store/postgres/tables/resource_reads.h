// Accounts and contacts as they are read.
//
// Threads: the store's.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "store/postgres/engine/connection.h"
#include "store/resource_change.h"

namespace shakehook::postgres {

// Returns them in the order of the ids; nullopt for an id that never existed.
Async<std::vector<std::optional<StoredResource>>> GetResources(std::int64_t venue, ResourceKind kind,
                                                               std::vector<ResourceId> ids, Connection& connection);

// Collects a page over several statements, each of which looks at a bounded number of rows.
Async<std::vector<StoredResource>> ListResources(std::int64_t venue, ResourceQuery query, Connection& connection);

}  // namespace shakehook::postgres
