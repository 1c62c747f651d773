#include "store/sqlite/purge.h"

#include "base/check.h"

namespace shakehook::sqlite {
namespace {

// Longer than the longest window that is shown, whatever the retention.
constexpr Milliseconds kStatisticsKept{31LL * 86'400'000};

}  // namespace

Purge::Purge(Connection& connection, HealthRows& health, StatisticsRows& statistics, ReplayRows& replays)
    : connection_(connection),
      health_(health),
      statistics_(statistics),
      replays_(replays),
      next_pending_webhook_(connection,
                            "SELECT webhook FROM pending_delivery WHERE webhook > ?1 ORDER BY webhook LIMIT 1"),
      old_events_(connection, "SELECT position, created_at FROM event WHERE position > ?1 ORDER BY position LIMIT ?2"),
      pending_(connection, "SELECT purpose FROM pending_delivery WHERE webhook = ?1 AND position = ?2"),
      cancel_(
          connection,
          "INSERT OR IGNORE INTO ended_delivery (position, webhook, id, status, attempt_count, created_at, ended_at)"
          " SELECT position, webhook, id, 3, attempts_made, created_at, ?3 FROM pending_delivery"
          " WHERE webhook = ?1 AND position = ?2"),
      drop_pending_(connection, "DELETE FROM pending_delivery WHERE webhook = ?1 AND position = ?2"),
      ended_since_(connection, "SELECT 1 FROM ended_delivery WHERE position = ?1 AND ended_at >= ?2 LIMIT 1"),
      delete_attempts_(connection, "DELETE FROM attempt WHERE position = ?1"),
      delete_ended_(connection, "DELETE FROM ended_delivery WHERE position = ?1"),
      delete_event_(connection, "DELETE FROM event WHERE position = ?1 RETURNING resource"),
      delete_tombstone_(connection, "DELETE FROM resource WHERE number = ?1 AND last_event = ?2 AND data IS NULL"),
      delete_answers_(connection,
                      "DELETE FROM kept_answer WHERE key IN"
                      " (SELECT key FROM kept_answer WHERE created_at < ?1 ORDER BY created_at LIMIT ?2)") {}

std::int64_t Purge::Step(const Limits& limits, WriteSession& session) {
  std::vector<Position> old;
  for (auto row = old_events_.With(looked_until_, limits.rows); row.Step();) {
    if (row.Time(1) >= limits.before) break;
    old.push_back({row.Integer(0)});
  }
  std::int64_t purged = 0;
  if (!old.empty()) {
    const std::vector<Owed> owed = WebhooksWithPending(session);
    for (const Position position : old) {
      if (PurgeEvent(position, owed, limits, session)) ++purged;
    }
  }
  const bool more = old.size() == limits.rows;
  looked_until_ = more ? old.back() : Position{0};
  delete_answers_.Run(limits.answers_before, limits.rows);
  purged += connection_.changes();
  purged += replays_.Purge(limits.before, limits.rows);
  purged += statistics_.Purge(limits.now - kStatisticsKept, limits.rows);
  return more && purged == 0 ? 1 : purged;
}

std::vector<Purge::Owed> Purge::WebhooksWithPending(const WriteSession& session) {
  std::vector<Owed> owed;
  WebhookNumber after;
  for (;;) {
    auto row = next_pending_webhook_.With(after);
    if (!row.Step()) return owed;
    after = {row.Integer(0)};
    const SharedWebhook webhook = session.FindWebhook(after);
    owed.push_back({after, webhook && webhook->enabled == Switch::kOn});
  }
}

bool Purge::PurgeEvent(Position position, const std::vector<Owed>& owed, const Limits& limits, WriteSession& session) {
  for (const auto& [webhook, enabled] : owed) {
    std::optional<OwedDelivery::Purpose> purpose;
    {
      auto row = pending_.With(webhook, position);
      if (row.Step()) purpose = row.As<OwedDelivery::Purpose>(0);
    }
    if (!purpose) continue;
    if (enabled) return false;
    cancel_.Run(webhook, position, limits.now);
    drop_pending_.Run(webhook, position);
    if (*purpose == OwedDelivery::Purpose::kDeliver) {
      --health_.Touch(webhook).pending;
      statistics_.Count(webhook, limits.now, {.canceled = 1});
    }
    session.commit.canceled.push_back({webhook, position});
  }
  if (ended_since_.With(position, limits.before).Step()) return false;
  delete_attempts_.Run(position);
  delete_ended_.Run(position);
  ResourceNumber resource;
  {
    auto row = delete_event_.With(position);
    CHECK(row.Step());
    resource = {row.Integer(0)};
    CHECK(!row.Step());
  }
  delete_tombstone_.Run(resource, position);
  return true;
}

}  // namespace shakehook::sqlite
