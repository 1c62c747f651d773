// What a key may see. An id outside its scope is answered word for word as one that does not exist (CONTRACT §4).
#pragma once

#include <expected>

#include "api/api_request.h"
#include "api/problem.h"
#include "store/directory.h"

namespace shakehook {

bool CanSee(const ApiKey& key, const Venue& venue);
// A venue's key does not see its group.
bool CanSee(const ApiKey& key, const VenuesGroup& group);
// Something that belongs to a scope: a webhook, a key. A group's is seen with group and admin keys only.
bool CanSee(const Directory& directory, const ApiKey& key, const Scope& scope);

// The problem is a 404.
std::expected<SharedVenue, Problem> FindVisibleVenue(const Directory& directory, const ApiKey& key,
                                                     const std::string& id);
std::expected<SharedVenuesGroup, Problem> FindVisibleVenuesGroup(const Directory& directory, const ApiKey& key,
                                                                 const std::string& id);

// Ids of a body (`venue_id`, `venues_group_id`) that must exist for the key: refused, as what does not exist is.
class FieldReader;
// Reads `{venue_id}` or `{venues_group_id}` from the fields; `names` both or none is refused. With `all` kOn none
// stands for everything. Nothing where it is refused.
std::optional<Scope> ReadScope(FieldReader& fields, const Directory& directory, const ApiKey& key, Switch all);

}  // namespace shakehook
