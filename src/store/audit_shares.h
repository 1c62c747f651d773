// Which entries of the audit log are kept (event_query.h), for every store. Entries of one share are counted together.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/audit_entry.h"
#include "store/event_query.h"

namespace shakehook {

struct AuditShare {
  bool failed = false;  // failed sign-ins
  Scope scope;
  auto operator<=>(const AuditShare&) const = default;

  static AuditShare Of(const AuditEntry& entry) {
    return {.failed = entry.action == AuditAction::kSessionFailed, .scope = entry.actor.scope};
  }
};

// How many entries an actor has in a share, or loses.
struct ActorEntries {
  std::string actor_id;
  std::int64_t entries = 0;

  bool operator==(const ActorEntries&) const = default;
};

// Returns how many of its oldest entries each actor of the share loses, so that the share has no more than it may: the
// actors with most entries are cut down to one number.
std::vector<ActorEntries> CutAuditEntries(const AuditShare& share, std::vector<ActorEntries> actors);

// Tells when the kept entries are to be counted, because finding what is too much costs more than an entry.
class AuditPace {
 public:
  // Old entries are dropped once every kEntriesPerDrop new entries.
  static constexpr int kEntriesPerDrop = 256;
  static constexpr int kOldPerDrop = 2 * kEntriesPerDrop;

  // An entry was added. Each returns true once every kEntriesPerDrop entries: of the share, or of all.
  bool CountOf(const AuditShare& share);
  bool CountOfAll();

 private:
  static constexpr std::size_t kSharesCounted = 10'000;

  std::map<AuditShare, int> added_;  // since the share's entries were last counted; forgotten at a restart
  int added_of_all_ = 0;             // since old entries were last looked for
};

}  // namespace shakehook
