// The place that a list of webhooks is asked for: a venue, or a venues group.
#pragma once

#include <optional>

#include "api/http/api_request.h"
#include "api/http/parameter_reader.h"
#include "store/directory.h"

namespace shakehook {

// Reads `venue_id` or `venues_group_id`; nullopt if neither is given. Refuses both together, and a place that the
// principal does not see.
std::optional<Scope> ReadPlace(ParameterReader& parameters, const Directory& directory, const Principal& principal);

// Tells whether a webhook of the scope is owed what happens at the place: a venue has its own webhooks and its group's,
// a group its own and its venues'.
bool IsOfPlace(const Directory& directory, const Scope& scope, const Scope& place);

}  // namespace shakehook
