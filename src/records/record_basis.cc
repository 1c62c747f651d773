#include "records/record_basis.h"

#include <utility>

namespace shakehook {

std::optional<RecordBasis> RecordBasis::Read(const ConfigCache& config_cache, const Scope& scope, const VenueId& venue,
                                             ResourceKind kind) {
  // The revision is read first, so that everything read after it is at least as new.
  RecordBasis basis{.revision = config_cache.RevisionOf(venue), .venue = config_cache.FindVenue(venue), .kind = kind};
  if (!basis.venue || !scope.Covers(*basis.venue)) return std::nullopt;
  basis.fields = config_cache.CustomFieldsOf(*basis.venue, kind);
  return basis;
}

std::string RecordBasis::CurrentData(std::string data) const {
  const bool custom = data.find("\"custom_") != std::string::npos;
  return custom ? ToData(Parse(data)) : std::move(data);
}

}  // namespace shakehook
