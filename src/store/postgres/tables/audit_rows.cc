#include "store/postgres/tables/audit_rows.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "store/audit_columns.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

struct AtColumns : Columns<Column<"at", Timestamp>> {};

constexpr std::size_t kScanRowsMax = 10'000;

}  // namespace

Async<> AuditRows::Add(AuditEntry entry, Transaction& transaction) {
  const auto share = AuditShare::Of(entry);
  std::optional<std::string> kind, id, name;
  if (entry.subject) {
    kind = entry.subject->kind;
    id = entry.subject->id;
    name = entry.subject->name;
  }
  if (pace_.CountOf(share)) co_await DropBeyondTheCap(share, transaction);
  if (pace_.CountOfAll()) co_await DropTheOld(entry.at, transaction);
  transaction.writes.Add(
      Statement("INSERT INTO audit (tenant, id, at, failed, actor_kind, actor_id, actor_name, action, subject_kind,"
                " subject_id, subject_name, detail, scope_kind, scope_id, changes)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)")
          .With(kTenant, entry.id, entry.at, share.failed, entry.actor.kind, entry.actor.id, entry.actor.name,
                entry.action, kind, id, name, entry.detail, share.scope.kind, share.scope.id, entry.changes));
}

Async<> AuditRows::DropBeyondTheCap(AuditShare share, Transaction& transaction) {
  const auto rows = co_await transaction.connection().Run(
      Select<ActorCountColumns>("FROM audit WHERE tenant = $1 AND failed = $2 AND scope_kind = $3 AND scope_id = $4"
                                " GROUP BY actor_id")
          .With(kTenant, share.failed, share.scope.kind, share.scope.id));
  std::vector<ActorEntries> actors;
  for (const auto row : rows) actors.push_back({row.Get<"actor_id">(), row.Get<"entries">()});
  const Statement drop(
      "DELETE FROM audit WHERE tenant = $1 AND position IN (SELECT position FROM audit WHERE tenant = $1"
      " AND failed = $2 AND scope_kind = $3 AND scope_id = $4 AND actor_id = $5 ORDER BY position LIMIT $6)");
  for (const ActorEntries& cut : CutAuditEntries(share, std::move(actors))) {
    transaction.writes.Add(
        drop.With(kTenant, share.failed, share.scope.kind, share.scope.id, cut.actor_id, cut.entries));
  }
}

// An entry is as old as the earlier of two times, its own and that of an entry some hundred before it: a clock that
// jumps ahead for a moment makes no entry old.
Async<> AuditRows::DropTheOld(Timestamp now, Transaction& transaction) {
  const auto rows = co_await transaction.connection().Run(
      Select<AtColumns>("FROM audit WHERE tenant = $1 ORDER BY position DESC LIMIT 1 OFFSET $2")
          .With(kTenant, AuditPace::kEntriesPerDrop));
  if (rows.empty()) co_return;
  now = std::min(now, rows[0].Get<"at">());
  transaction.writes.Add(
      Statement("DELETE FROM audit WHERE tenant = $1 AND position IN (SELECT position FROM audit WHERE tenant = $1"
                " ORDER BY position LIMIT $2) AND at < $3")
          .With(kTenant, AuditPace::kOldPerDrop, now - kAuditAgeMax));
}

Async<std::vector<ListedAuditEntry>> AuditRows::List(AuditQuery query, Connection& connection) {
  std::vector<ListedAuditEntry> page;
  const Select<AuditColumns> all("FROM audit WHERE tenant = $1 AND position < $2 ORDER BY position DESC LIMIT $3");
  const Select<AuditColumns> of_action(
      "FROM audit WHERE tenant = $1 AND action = $4 AND position < $2 ORDER BY position DESC LIMIT $3");
  Position before = query.before.value_or(Position{std::numeric_limits<std::int64_t>::max()});
  // Without a filter that lets few rows through, a page is one statement.
  std::size_t rows_max = query.limit;
  while (page.size() < query.limit) {
    const auto rows = co_await connection.Run(query.action ? of_action.With(kTenant, before, rows_max, *query.action)
                                                           : all.With(kTenant, before, rows_max));
    for (const auto row : rows) {
      before = row.Get<"position">();
      const Timestamp at = row.Get<"at">();
      const bool fits = (!query.since || at >= *query.since) && (!query.until || at < *query.until);
      if (fits && page.size() < query.limit) page.push_back(ReadAuditEntry(row));
    }
    if (rows.size() < rows_max) break;
    rows_max = std::min(2 * rows_max, kScanRowsMax);
  }
  co_return page;
}

}  // namespace shakehook::postgres
