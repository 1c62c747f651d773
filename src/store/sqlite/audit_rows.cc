#include "store/sqlite/audit_rows.h"

#include <limits>

namespace shakehook::sqlite {
namespace {

// The oldest are dropped once in so many entries: to find them, all that are kept are counted.
constexpr std::int64_t kEntriesPerDrop = 256;

constexpr const char* kColumns =
    "position, id, at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, subject_name, detail";

ListedAuditEntry ReadEntry(const Execution& row) {
  ListedAuditEntry listed{.position = {row.Integer(0)}, .entry = {}};
  AuditEntry& entry = listed.entry;
  entry.id = row.ReadUuid(1);
  entry.at = row.Time(2);
  entry.actor = {.kind = row.As<AuditActorKind>(3), .id = std::string(row.Text(4)), .name = std::string(row.Text(5))};
  entry.action = row.As<AuditAction>(6);
  if (!row.IsNull(7)) {
    entry.subject = AuditEntry::Subject{
        .kind = std::string(row.Text(7)), .id = std::string(row.Text(8)), .name = std::string(row.Text(9))};
  }
  entry.detail = row.Text(10);
  return listed;
}

}  // namespace

AuditRows::AuditRows(Connection& connection)
    : connection_(connection),
      insert_(connection,
              "INSERT INTO audit (id, at, failed, actor_kind, actor_id, actor_name, action, subject_kind, subject_id,"
              " subject_name, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"),
      drop_(connection,
            "DELETE FROM audit WHERE failed = ?1 AND position <= (SELECT position FROM audit WHERE failed = ?1"
            " ORDER BY position DESC LIMIT 1 OFFSET ?2)") {}

void AuditRows::Add(const AuditEntry& entry) {
  const bool failed = entry.action == AuditAction::kSessionFailed;
  std::optional<std::string> kind, id, name;
  if (entry.subject) {
    kind = entry.subject->kind;
    id = entry.subject->id;
    name = entry.subject->name;
  }
  insert_.Run(entry.id, entry.at, static_cast<int>(failed), entry.actor.kind, entry.actor.id, entry.actor.name,
              entry.action, kind, id, name, entry.detail);
  if (sqlite3_last_insert_rowid(connection_.get()) % kEntriesPerDrop != 0) return;
  drop_.Run(1, kFailedSignInsKept);
  drop_.Run(0, kAuditEntriesKept);
}

AuditList::AuditList(Connection& connection)
    : all_(connection, std::string("SELECT ") + kColumns + " FROM audit WHERE position < ?1 ORDER BY position DESC"),
      of_action_(connection, std::string("SELECT ") + kColumns +
                                 " FROM audit WHERE action = ?2 AND position < ?1 ORDER BY position DESC") {}

Progress AuditList::Continue(AuditListing& listing) {
  AuditQuery& query = listing.query;
  const std::int64_t before = query.before ? query.before->value : std::numeric_limits<std::int64_t>::max();
  auto row = query.action ? of_action_.With(before, *query.action) : all_.With(before);
  for (std::size_t looked_at = 0; looked_at < kScanRowsMax; ++looked_at) {
    if (listing.full() || !row.Step()) return Progress::kComplete;
    ListedAuditEntry listed = ReadEntry(row);
    query.before = listed.position;
    const Timestamp at = listed.entry.at;
    if ((!query.since || at >= *query.since) && (!query.until || at < *query.until)) {
      listing.page.push_back(std::move(listed));
    }
  }
  return Progress::kGoesOn;
}

}  // namespace shakehook::sqlite
