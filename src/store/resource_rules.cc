#include "store/resource_rules.h"

#include <utility>

namespace shakehook {
namespace {

using Kind = Refusal::Kind;

std::unexpected<Refusal> Refused(Kind kind, std::string detail, std::optional<Timestamp> last = {}) {
  return std::unexpected(Refusal{.kind = kind, .detail = std::move(detail), .last_timestamp = last});
}

}  // namespace

Stored<Done> CheckRevision(std::uint64_t built_from, std::uint64_t present) {
  if (present == 0) return Refused(Kind::kMissing, "the venue does not exist");
  if (built_from != present) return Refused(Kind::kVersionConflict, "the venue's configuration has changed");
  return Done();
}

Stored<Done> CheckChange(const ResourceChange& change, const std::optional<ResourceState>& existing) {
  if (change.expected_version == 0 && existing && existing->live) return Refused(Kind::kExists, "the id is taken");
  if (change.expected_version != (existing ? existing->version : 0)) {
    return Refused(Kind::kVersionConflict, "it was changed meanwhile",
                   existing ? std::optional(existing->last_timestamp) : std::nullopt);
  }
  if (existing && change.event->timestamp <= existing->last_timestamp) {
    return Refused(Kind::kVersionConflict, "its last event is later", existing->last_timestamp);
  }
  return Done();
}

Stored<Done> CheckAccount(Presence account) {
  if (account == Presence::kAbsent) return Refused(Kind::kMissing, "the account does not exist");
  return Done();
}

Stored<Done> CheckDeletion(const std::optional<ResourceState>& existing, Presence contacts) {
  if (!existing || !existing->live) return Refused(Kind::kMissing, "there is nothing to delete");
  if (contacts == Presence::kPresent) return Refused(Kind::kVersionConflict, "a contact names the account");
  return Done();
}

Stored<Done> CheckAnnouncement(const Event& event, Switch must_follow, const std::optional<ResourceState>& existing) {
  if (existing && must_follow == Switch::kOn && event.timestamp <= existing->last_timestamp) {
    return Refused(Kind::kVersionConflict, "its last event is later", existing->last_timestamp);
  }
  return Done();
}

}  // namespace shakehook
