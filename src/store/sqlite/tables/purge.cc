#include "store/sqlite/tables/purge.h"

#include <algorithm>

#include "base/check.h"

namespace shakehook::sqlite {
namespace {

// Longer than the longest window that is shown, whatever the retention.
constexpr Milliseconds kStatisticsKept{31LL * 86'400'000};

}  // namespace

Purge::Purge(Connection& connection, const Rows& rows)
    : connection_(connection),
      health_(rows.health),
      statistics_(rows.statistics),
      possibly_pending_(rows.possibly_pending),
      owed_(rows.owed),
      cancelations_(rows.cancelations),
      replays_(rows.replays),
      imports_(rows.imports),
      pages_(connection, rows.possibly_pending, rows.owed),
      cancel_(connection, Sql("INSERT OR IGNORE INTO ended_delivery (webhook, position, id, status, attempt_count, "
                              "created_at, ended_at)"
                              " SELECT webhook, position, id, {}, attempts_made, created_at, ?3 FROM pending_delivery"
                              " WHERE webhook = ?1 AND position = ?2",
                              DeliveryStatus::kCanceled)),
      drop_pending_(connection, "DELETE FROM pending_delivery WHERE webhook = ?1 AND position = ?2"),
      ended_since_(connection,
                   "SELECT 1 FROM ended_delivery WHERE position = ?1 AND ended_at BETWEEN ?2 AND ?3 LIMIT 1"),
      delete_attempts_(connection, "DELETE FROM attempt WHERE position = ?1"),
      delete_ended_(connection, "DELETE FROM ended_delivery WHERE position = ?1"),
      delete_event_(connection, "DELETE FROM event WHERE position = ?1 RETURNING resource"),
      delete_tombstone_(connection, "DELETE FROM resource WHERE number = ?1 AND last_event = ?2 AND data IS NULL"),
      delete_idempotency_records_(connection,
                                  "DELETE FROM kept_answer WHERE key IN"
                                  " (SELECT key FROM kept_answer WHERE created_at < ?1 ORDER BY created_at LIMIT ?2)") {
}

Purge::Result Purge::Step(const Limits& limits, const WriteSession& session) {
  Result result;
  result.rows = static_cast<std::int64_t>(cancelations_.StepAny(limits.rows));
  if (result.rows > 0) return result;
  const bool more = PurgeEvents(limits, session, result);
  delete_idempotency_records_.Run(limits.idempotency_records_before, limits.rows);
  result.rows += connection_.changes();
  result.rows += replays_.Purge(limits.before, limits.rows);
  result.rows += imports_.Purge(limits.before, limits.rows);
  result.rows += statistics_.Purge(limits.now - kStatisticsKept, limits.rows);
  if (more) result.rows = std::max<std::int64_t>(result.rows, 1);
  return result;
}

bool Purge::PurgeEvents(const Limits& limits, const WriteSession& session, Result& result) {
  const auto page = pages_.Read(done_until_, limits, session);
  if (!page) {
    result.asks_for_oldest_pending = true;
    return true;
  }
  for (const OldEvent& event : page->events) {
    if (result.rows >= static_cast<std::int64_t>(page->rows)) return true;
    result.rows += PurgeEvent(event, limits);
    done_until_ = event.position;
  }
  done_until_ = page->next.value_or(Position{0});
  if (!page->next) possibly_pending_.Forget();
  return page->next.has_value();
}

std::int64_t Purge::PurgeEvent(const OldEvent& event, const Limits& limits) {
  const Position position = event.position;
  std::int64_t purged = 0;
  for (const OldEvent::Pending& pending : event.pending) {
    if (!pending.stays) purged += Cancel(position, pending, limits.now);
  }
  if (std::ranges::any_of(event.pending, &OldEvent::Pending::stays)) return purged;
  if (ended_since_.With(position, limits.before, limits.WrongAfter()).Step()) return purged;
  purged += Run(delete_attempts_, position) + Run(delete_ended_, position);
  ResourceNumber resource;
  {
    auto row = delete_event_.With(position);
    CHECK(row.Step());
    resource = row.Value();
    CHECK(!row.Step());
  }
  delete_tombstone_.Run(resource, position);
  return purged + 1;
}

std::int64_t Purge::Cancel(Position position, const OldEvent::Pending& pending, Timestamp now) {
  const DeliveryKey key{position, pending.webhook};
  if (owed_.Remove(key)) {
    cancelations_.EndUntried(key, now);
  } else {
    cancel_.Run(key, now);
    drop_pending_.Run(key);
  }
  if (pending.purpose == OwedDelivery::Purpose::kDeliver) {
    --health_.Touch(pending.webhook).pending;
    statistics_.Count(pending.webhook, now, {.canceled = 1});
  }
  // Nobody is told: while it is off, a webhook's queue holds nothing but what was sent by hand, which stays, and
  // attempts under way, whose results count as late ones.
  return 1;
}

std::int64_t Purge::Run(Statement& statement, Position position) {
  statement.Run(position);
  return connection_.changes();
}

}  // namespace shakehook::sqlite
