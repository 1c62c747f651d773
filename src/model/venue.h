// A venue is the tenant; a venues group is an optional owner of several.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "model/ids.h"

namespace shakehook {

struct VenuesGroup {
  VenuesGroupId id;
  std::string name;
  Timestamp created_at;
  Timestamp updated_at;
  std::int64_t version = 1;  // counts edits, for ETag and If-Match

  bool operator==(const VenuesGroup&) const = default;
};

struct Venue {
  VenueId id;
  std::string name;
  std::optional<VenuesGroupId> venues_group_id;
  Timestamp created_at;
  Timestamp updated_at;
  std::int64_t version = 1;

  bool operator==(const Venue&) const = default;
};

}  // namespace shakehook
