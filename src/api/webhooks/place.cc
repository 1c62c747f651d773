#include "api/webhooks/place.h"

#include <string>

#include "api/access/visible.h"

namespace shakehook {

std::optional<Scope> ReadPlace(ParameterReader& parameters, const Directory& directory, const Principal& principal) {
  const std::string* const venue = parameters.Any("venue_id");
  const std::string* const group = parameters.Any("venues_group_id");
  if (venue != nullptr && group != nullptr) {
    parameters.Refuse("venues_group_id", "must be left out where venue_id is given");
    return std::nullopt;
  }
  if (venue != nullptr) {
    if (!FindVisibleVenue(directory, principal, *venue))
      parameters.Refuse("venue_id", "there is no venue with this id");
    return Scope{Scope::Kind::kVenue, *venue};
  }
  if (group != nullptr) {
    if (!FindVisibleVenuesGroup(directory, principal, *group))
      parameters.Refuse("venues_group_id", "there is no venues group with this id");
    return Scope{Scope::Kind::kVenuesGroup, *group};
  }
  return std::nullopt;
}

bool IsOfPlace(const Directory& directory, const Scope& scope, const Scope& place) {
  if (scope == place) return true;
  if (place.kind == Scope::Kind::kVenue && scope.kind == Scope::Kind::kVenuesGroup) {
    const SharedVenue venue = directory.FindVenue({place.id});
    return venue && venue->venues_group_id && venue->venues_group_id->text == scope.id;
  }
  if (place.kind == Scope::Kind::kVenuesGroup && scope.kind == Scope::Kind::kVenue) {
    const SharedVenue venue = directory.FindVenue({scope.id});
    return venue && venue->venues_group_id && venue->venues_group_id->text == place.id;
  }
  return false;
}

}  // namespace shakehook
