#include "api/access/place_filter.h"

#include "api/access/visible.h"

namespace shakehook {

std::optional<Scope> ReadPlace(ParameterReader& parameters, const ConfigCache& config_cache,
                               const Principal& principal) {
  const std::string* const venue = parameters.Any("venue_id");
  const std::string* const group = parameters.Any("venues_group_id");
  if (venue != nullptr && group != nullptr) {
    parameters.Refuse("venues_group_id", TwoScopes());
  } else if (venue != nullptr) {
    if (FindVisibleVenue(config_cache, principal, *venue)) return Scope{Scope::Kind::kVenue, *venue};
    parameters.Refuse("venue_id", NoSuchVenue());
  } else if (group != nullptr) {
    if (FindVisibleVenuesGroup(config_cache, principal, *group)) return Scope{Scope::Kind::kVenuesGroup, *group};
    parameters.Refuse("venues_group_id", NoSuchVenuesGroup());
  }
  return std::nullopt;
}

bool IsOfPlace(const ConfigCache& config_cache, const Scope& scope, const Scope& place) {
  if (scope == place) return true;
  if (place.kind == Scope::Kind::kVenue && scope.kind == Scope::Kind::kVenuesGroup) {
    const SharedVenue venue = config_cache.FindVenue({place.id});
    return venue && venue->venues_group_id && venue->venues_group_id->text == scope.id;
  }
  if (place.kind == Scope::Kind::kVenuesGroup && scope.kind == Scope::Kind::kVenue) {
    const SharedVenue venue = config_cache.FindVenue({scope.id});
    return venue && venue->venues_group_id && venue->venues_group_id->text == place.id;
  }
  return false;
}

std::string NameOfScope(const ConfigCache& config_cache, const Scope& scope) {
  if (scope.kind == Scope::Kind::kVenue) {
    const SharedVenue venue = config_cache.FindVenue({scope.id});
    return venue ? venue->name : "";
  }
  if (scope.kind == Scope::Kind::kAll) return "";
  const SharedVenuesGroup group = config_cache.FindVenuesGroup({scope.id});
  return group ? group->name : "";
}

}  // namespace shakehook
