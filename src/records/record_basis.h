// RecordBasis is the basis of a venue's accounts or contacts and their events: the venue and the custom fields that
// they may carry, as they were at one revision of the configuration. The store accepts a change only while that
// revision is current, and refuses it as stale otherwise.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/resource.h"
#include "model/scope.h"
#include "store/config_cache.h"

namespace shakehook {

struct RecordBasis {
  std::uint64_t revision = 0;
  SharedVenue venue;
  ResourceKind kind = ResourceKind::kAccount;
  std::vector<SharedCustomField> fields;

  // Returns nullopt if there is no such venue, or if `scope` does not cover it.
  static std::optional<RecordBasis> Read(const ConfigCache& config_cache, const Scope& scope, const VenueId& venue,
                                         ResourceKind kind);

  // Parses stored data.
  Resource Parse(std::string_view data) const { return FromData(kind, data, fields); }
  // Returns stored data without the values of custom fields that have been deleted since.
  std::string CurrentData(std::string data) const;
};

}  // namespace shakehook
