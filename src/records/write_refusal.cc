#include "records/write_refusal.h"

#include <string>

namespace shakehook {

WriteRefusal WriteRefusal::OfChange(const Refusal& refusal, const ConfigCache& config_cache, const VenueId& venue,
                                    std::string_view field_path) {
  if (refusal.kind != Refusal::Kind::kMissing) return OfStore(refusal);
  if (!config_cache.FindVenue(venue)) return {.kind = Kind::kNoVenue};
  return Invalid({{std::string(field_path) + "account_id", NoSuchAccount()}});
}

}  // namespace shakehook
