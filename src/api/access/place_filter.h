// The place that a list of scoped things is asked for: `venue_id` or `venues_group_id` in its query.
#pragma once

#include <optional>
#include <string>

#include "api/http/api_request.h"
#include "api/http/parameter_reader.h"
#include "store/config_cache.h"

namespace shakehook {

// Returns nullopt if the query names no place, or one that was refused because it does not exist for the caller.
std::optional<Scope> ReadPlace(ParameterReader& parameters, const ConfigCache& config_cache,
                               const Principal& principal);

// Tells whether a thing of the scope belongs to the place: a venue has its own things and its group's, a group its own
// and its venues'. A thing of all scopes belongs to no place.
bool IsOfPlace(const ConfigCache& config_cache, const Scope& scope, const Scope& place);

// Returns the name of the scope's venue or group; empty where it has none.
std::string NameOfScope(const ConfigCache& config_cache, const Scope& scope);

}  // namespace shakehook
