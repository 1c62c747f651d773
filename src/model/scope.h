// Scope is a part of the data: all of it (an admin key), one venues group with its venues, or one venue. A key sees
// this part, and a webhook gets its events. A webhook's scope is never all.
#pragma once

#include <compare>
#include <functional>
#include <string>

#include "model/venue.h"

namespace shakehook {

struct Scope {
  enum class Kind { kAll, kVenuesGroup, kVenue };

  Kind kind = Kind::kAll;
  std::string id;  // empty for kAll

  auto operator<=>(const Scope&) const = default;

  static Scope All() { return {}; }
  static Scope Of(const VenuesGroupId& group) { return {Kind::kVenuesGroup, group.text}; }
  static Scope Of(const VenueId& venue) { return {Kind::kVenue, venue.text}; }

  bool Covers(const Venue& venue) const;
};

// Tells whether a key of scope `outer` may see a webhook or key of scope `inner`. `inner_venue`: the venue of a venue's
// scope, null for other scopes. Only group and admin keys see a group's webhooks.
bool Contains(const Scope& outer, const Scope& inner, const Venue* inner_venue);

}  // namespace shakehook

template <>
struct std::hash<shakehook::Scope> {
  std::size_t operator()(const shakehook::Scope& scope) const {
    return std::hash<std::string>()(scope.id) * 3 + static_cast<std::size_t>(scope.kind);
  }
};
