// The types of the store's verbs on events and on the audit log.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "model/audit_entry.h"
#include "model/event.h"
#include "model/ids.h"
#include "store/asker.h"

namespace shakehook {

struct EventQuery {
  std::vector<VenueId> venues;  // empty: all venues
  std::optional<EventType> type;
  std::optional<ResourceId> resource_id;
  std::optional<Timestamp> since, until;  // since <= timestamp < until
  std::optional<Position> before;
  std::size_t limit = 50;
  Asker asker = {};
};
struct ListedEvent {
  Position position;
  SharedEvent event;
};

// Newest first.
struct AuditQuery {
  std::optional<AuditAction> action;
  std::optional<Timestamp> since, until;  // since <= at < until
  std::optional<Position> before;
  std::size_t limit = 50;
  Asker asker = {};
};
struct ListedAuditEntry {
  Position position;
  AuditEntry entry;
};
// The number of entries that are kept: of failed sign-ins, which strangers make; of actors with scope all; and of each
// other scope. Beyond that, the oldest entries of the actor with the most entries are dropped: so a noisy actor pushes
// out no quieter one's. No entry is kept for longer than kAuditAgeMax.
inline constexpr std::int64_t kFailedSignInsKept = 10'000;
inline constexpr std::int64_t kAuditEntriesKept = 100'000;
inline constexpr std::int64_t kAuditEntriesOfScopeKept = 20'000;
inline constexpr Milliseconds kAuditAgeMax = std::chrono::days(400);

}  // namespace shakehook
