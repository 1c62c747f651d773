#include "store/audit_shares.h"

#include <algorithm>

namespace shakehook {

std::vector<ActorEntries> CutAuditEntries(const AuditShare& share, std::vector<ActorEntries> actors) {
  std::int64_t over = -(share.failed                            ? kFailedSignInsKept
                        : share.scope.kind == Scope::Kind::kAll ? kAuditEntriesKept
                                                                : kAuditEntriesOfScopeKept);
  for (const ActorEntries& actor : actors) over += actor.entries;
  std::ranges::sort(actors, std::greater(),
                    [](const ActorEntries& actor) { return std::pair(actor.entries, actor.actor_id); });
  // The highest number that removes enough.
  std::int64_t sum = 0;
  std::size_t higher = 0;
  std::int64_t height = 0;
  while (higher < actors.size()) {
    sum += actors[higher++].entries;
    const std::int64_t next = higher < actors.size() ? actors[higher].entries : 0;
    height = (sum - over) / static_cast<std::int64_t>(higher);
    if (height >= next) break;
  }
  std::vector<ActorEntries> cuts;
  for (std::size_t i = 0; i < higher && over > 0; ++i) {
    const std::int64_t dropped = std::min(over, actors[i].entries - height);
    if (dropped <= 0) continue;
    cuts.push_back({actors[i].actor_id, dropped});
    over -= dropped;
  }
  return cuts;
}

bool AuditPace::CountOf(const AuditShare& share) {
  const bool due = ++added_[share] >= kEntriesPerDrop;
  if (due) added_.erase(share);
  if (added_.size() > kSharesCounted) added_.clear();
  return due;
}

bool AuditPace::CountOfAll() {
  if (++added_of_all_ < kEntriesPerDrop) return false;
  added_of_all_ = 0;
  return true;
}

}  // namespace shakehook
