#include "records/record_basis.h"

#include <utility>

namespace shakehook {

std::optional<RecordBasis> RecordBasis::Read(const Directory& directory, const Scope& scope, const VenueId& venue,
                                             ResourceKind kind) {
  // The revision is read first, so that everything read after it is at least as new.
  RecordBasis basis{.revision = directory.RevisionOf(venue), .venue = directory.FindVenue(venue), .kind = kind};
  if (!basis.venue || !scope.Covers(*basis.venue)) return std::nullopt;
  basis.fields = directory.CustomFieldsOf(*basis.venue, kind);
  return basis;
}

std::string RecordBasis::CurrentData(std::string data) const {
  const bool custom = data.find("\"custom_") != std::string::npos;
  return custom ? ToData(Parse(data)) : std::move(data);
}

}  // namespace shakehook
