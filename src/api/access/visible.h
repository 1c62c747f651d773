// The part of the data that a key may see. The response for an id outside its scope is word for word that for an id
// that does not exist (CONTRACT §4).
#pragma once

#include <expected>
#include <set>
#include <string>

#include "api/http/api_request.h"
#include "api/http/problem.h"
#include "base/json.h"
#include "store/config_cache.h"

namespace shakehook {

class FieldReader;

// The complaint about an id of a venue, or of a group, that does not exist for the caller.
inline Complaint NoSuchVenue() { return {"names_no_venue", "there is no venue with this id"}; }
inline Complaint NoSuchVenuesGroup() { return {"names_no_group", "there is no venues group with this id"}; }
// The complaints about `venues_group_id` beside `venue_id`, and about `venue_id` if both are missing.
inline Complaint TwoScopes() { return {"two_scopes", "must be left out if venue_id is given"}; }
inline Complaint NeitherScope() { return {"required", "is required, unless venues_group_id is given"}; }

bool CanSee(const Principal& principal, const Venue& venue);
// A venue's key does not see its group.
bool CanSee(const Principal& principal, const VenuesGroup& group);
// Tells whether the key sees a thing of that scope, such as a webhook or a key. Only group and admin keys see a
// group's; only admin keys and administrators see an admin key.
bool CanSee(const ConfigCache& config_cache, const Principal& principal, const Scope& scope);

// The same for many scopes, read once: a filter of the ConfigCache's listings must not ask the ConfigCache.
class VisibleScopes {
 public:
  VisibleScopes(const ConfigCache& config_cache, const Principal& principal);
  bool Sees(const Scope& scope) const;

 private:
  Scope scope_;
  bool admin_;
  std::set<std::string> venues_;  // the group's venues, if the key's scope is a group
};

// The problem is a 404.
std::expected<SharedVenue, Problem> FindVisibleVenue(const ConfigCache& config_cache, const Principal& principal,
                                                     const std::string& id);
std::expected<SharedVenuesGroup, Problem> FindVisibleVenuesGroup(const ConfigCache& config_cache,
                                                                 const Principal& principal, const std::string& id);

// Takes `venue_id` or `venues_group_id` from the fields of a body. Returns nullopt, and refuses the field, if there are
// both or none, or one that does not exist for the key. With `all` kOn a body with none of them means everything, which
// an admin key may name; null does not.
std::optional<Scope> ReadScope(FieldReader& fields, const ConfigCache& config_cache, const Principal& principal,
                               Switch all);

// {}, {"venues_group_id": ...} or {"venue_id": ...}
Json ToJson(const Scope& scope);

}  // namespace shakehook
