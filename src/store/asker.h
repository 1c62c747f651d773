// Asker says for whom a verb of the Store reads: readers serve tenants in turn, and each key of a tenant, so that what
// one asks for does not keep the others waiting.
#pragma once

#include <optional>
#include <stop_token>

#include "base/uuid.h"
#include "model/scope.h"

namespace shakehook {

// The default one is the service itself, which is served before all others.
struct Asker {
  std::optional<Scope> tenant = {};
  Uuid key = {};              // an API key or a user
  std::stop_token gone = {};  // stopped when nobody waits for the answer any more: what is left of the read is dropped
};

// For whom somebody reads who has not said yet who it is: one tenant of their own for all.
inline Asker Stranger() { return {.tenant = Scope{Scope::Kind::kVenue, ""}}; }

}  // namespace shakehook
