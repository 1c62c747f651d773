// Asker says for whom a verb of the Store reads. Readers serve tenants in turn, and each key of a tenant, so that one
// asker's reads do not keep the others waiting.
#pragma once

#include <optional>
#include <stop_token>

#include "base/uuid.h"
#include "model/scope.h"

namespace shakehook {

// The default asker is the service itself, which is served before all others.
struct Asker {
  std::optional<Scope> tenant = {};
  Uuid key = {};              // an API key or a user
  std::stop_token gone = {};  // stopped when nobody waits for the response any more: the rest of the read is dropped
};

// Returns the asker of callers who are not authenticated yet: one tenant for all of them.
inline Asker Stranger() { return {.tenant = Scope{Scope::Kind::kVenue, ""}}; }

}  // namespace shakehook
