#include "store/sqlite/tables/audit_rows.h"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

namespace shakehook::sqlite {

AuditRows::AuditRows(Connection& connection)
    : connection_(connection),
      insert_(connection,
              "INSERT INTO audit (id, at, failed, actor_kind, actor_id, actor_name, action, subject_kind, subject_id,"
              " subject_name, detail, scope_kind, scope_id, changes)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"),
      count_(connection,
             "FROM audit WHERE failed = ?1 AND scope_kind = ?2 AND scope_id = ?3"
             " GROUP BY actor_id"),
      drop_(connection,
            "DELETE FROM audit WHERE position IN (SELECT position FROM audit WHERE failed = ?1 AND scope_kind = ?2"
            " AND scope_id = ?3 AND actor_id = ?4 ORDER BY position LIMIT ?5)"),
      some_before_(connection, "SELECT at FROM audit WHERE position <= ?1 ORDER BY position DESC LIMIT 1"),
      drop_old_(connection,
                "DELETE FROM audit WHERE position IN (SELECT position FROM audit ORDER BY position LIMIT ?1)"
                " AND at < ?2") {}

void AuditRows::Add(const AuditEntry& entry) {
  const auto share = AuditShare::Of(entry);
  std::optional<std::string> kind, id, name;
  if (entry.subject) {
    kind = entry.subject->kind;
    id = entry.subject->id;
    name = entry.subject->name;
  }
  insert_.Run(entry.id, entry.at, static_cast<int>(share.failed), entry.actor.kind, entry.actor.id, entry.actor.name,
              entry.action, kind, id, name, entry.detail, share.scope.kind, share.scope.id, entry.changes);
  if (pace_.CountOf(share)) DropBeyondTheCap(share);
  if (pace_.CountOfAll()) DropTheOld(entry.at);
}

void AuditRows::DropBeyondTheCap(const AuditShare& share) {
  std::vector<ActorEntries> actors;
  {
    auto row = count_.With(static_cast<int>(share.failed), share.scope.kind, share.scope.id);
    while (row.Step()) actors.push_back({row.Get<"actor_id">(), row.Get<"entries">()});
  }
  for (const ActorEntries& cut : CutAuditEntries(share, std::move(actors))) {
    drop_.Run(static_cast<int>(share.failed), share.scope.kind, share.scope.id, cut.actor_id, cut.entries);
  }
}

// The age of entries is counted up to the earlier of two times: now, and the time of an entry some hundred before the
// last. So a clock that jumps ahead for a moment makes no entry old.
void AuditRows::DropTheOld(Timestamp now) {
  const std::int64_t last = sqlite3_last_insert_rowid(connection_.get());
  const auto some_before = some_before_.First(last - AuditPace::kEntriesPerDrop);
  if (!some_before) return;
  now = std::min(now, *some_before);
  drop_old_.Run(AuditPace::kOldPerDrop, now - kAuditAgeMax);
}

AuditList::AuditList(Connection& connection)
    : all_(connection, "FROM audit WHERE position < ?1 ORDER BY position DESC"),
      of_action_(connection, "FROM audit WHERE action = ?2 AND position < ?1 ORDER BY position DESC") {}

Progress AuditList::Continue(AuditListing& listing) {
  AuditQuery& query = listing.query;
  const std::int64_t before = query.before ? query.before->value : std::numeric_limits<std::int64_t>::max();
  auto row = query.action ? of_action_.With(before, *query.action) : all_.With(before);
  for (std::size_t looked_at = 0; looked_at < kScanRowsMax; ++looked_at) {
    if (listing.full() || !row.Step()) return Progress::kComplete;
    ListedAuditEntry listed = ReadAuditEntry(row);
    query.before = listed.position;
    const Timestamp at = listed.entry.at;
    if ((!query.since || at >= *query.since) && (!query.until || at < *query.until)) {
      listing.page.push_back(std::move(listed));
    }
  }
  return Progress::kGoesOn;
}

}  // namespace shakehook::sqlite
