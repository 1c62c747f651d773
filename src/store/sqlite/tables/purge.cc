#include "store/sqlite/tables/purge.h"

#include <algorithm>

#include "base/check.h"

namespace shakehook::sqlite {
namespace {

// Longer than the longest window that is shown, whatever the retention.
constexpr Milliseconds kStatisticsKept{31LL * 86'400'000};

Timestamp WrongAfter(const Purge::Limits& limits) { return limits.now + (limits.now - limits.before); }

}  // namespace

struct PurgedEventColumns : Columns<Column<"position", Position>, Column<"created_at", Timestamp>> {};

struct PurgedPendingColumns : Columns<Column<"position", Position>, Column<"purpose", OwedDelivery::Purpose>,
                                      Column<"attempt_trigger", AttemptTrigger>> {};

Purge::Purge(Connection& connection, const Rows& rows)
    : connection_(connection),
      health_(rows.health),
      statistics_(rows.statistics),
      possibly_pending_(rows.possibly_pending),
      owed_(rows.owed),
      cancelations_(rows.cancelations),
      replays_(rows.replays),
      imports_(rows.imports),
      newest_(connection, "SELECT max(position) FROM event"),
      events_(connection, "FROM event WHERE position > ?1 ORDER BY position LIMIT ?2"),
      pending_(connection,
               "FROM pending_delivery WHERE webhook = ?1 AND position BETWEEN ?2 AND ?3 ORDER BY position LIMIT ?4"),
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

Purge::Result Purge::Step(Limits limits, const WriteSession& session) {
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

bool Purge::PurgeEvents(Limits limits, const WriteSession& session, Result& result) {
  Page page = FindOld(limits);
  if (!page.old.empty() && !possibly_pending_.known()) {
    possibly_pending_.Ask(newest_.First().value());
    result.asks_for_oldest_pending = true;
    return true;
  }
  std::set<WebhookNumber> webhooks;
  if (!page.old.empty()) webhooks = possibly_pending_.Until(page.old.back());
  if (webhooks.size() > limits.rows) {
    limits.rows = webhooks.size();
    page = FindOld(limits);
    webhooks = possibly_pending_.Until(page.old.back());
  }
  const std::size_t found = page.old.size();
  const OwedByPosition owed = FindOwed(webhooks, page.old, limits, session);
  std::size_t looked_at = 0;
  while (looked_at < page.old.size() && result.rows < static_cast<std::int64_t>(limits.rows)) {
    const Position position = page.old[looked_at++];
    const auto here = owed.find(position);
    result.rows += PurgeEvent(position, here == owed.end() ? std::vector<Owed>() : here->second, limits);
  }
  const bool more = page.more || looked_at < found;
  looked_until_ = looked_at < found ? page.old[looked_at - 1] : page.more ? page.looked_until : Position{0};
  if (!more) possibly_pending_.Forget();
  return more;
}

Purge::Page Purge::FindOld(const Limits& limits) {
  const Timestamp wrong_after = WrongAfter(limits);
  Page page;
  std::size_t looked_at = 0;
  std::size_t decided = 0;  // how many of page.old are decided: those up to one whose time can be right
  for (auto row = events_.With(looked_until_, limits.rows); row.Step(); ++looked_at) {
    const Position position = row.Get<"position">();
    const Timestamp created_at = row.Get<"created_at">();
    const bool unknown = possibly_pending_.known() && position > possibly_pending_.newest();
    if (unknown || (created_at >= limits.before && created_at <= wrong_after)) {
      page.old.resize(decided);
      return page;
    }
    page.old.push_back(position);
    if (created_at < limits.before) decided = page.old.size();
  }
  if (looked_at == limits.rows) {
    page.more = true;
    page.looked_until = page.old[decided > 0 ? decided - 1 : page.old.size() - 1];
  }
  page.old.resize(decided);
  return page;
}

Purge::OwedByPosition Purge::FindOwed(const std::set<WebhookNumber>& webhooks, std::vector<Position>& old,
                                      const Limits& limits, const WriteSession& session) {
  OwedByPosition owed;
  if (old.empty()) return owed;
  while (!AddOwed(webhooks, old, limits.rows, session, owed)) {
    owed.clear();
    old.resize(old.size() / 2);
  }
  return owed;
}

// False where there are more than `rows`, and one event less would do.
bool Purge::AddOwed(const std::set<WebhookNumber>& webhooks, const std::vector<Position>& old, std::size_t rows,
                    const WriteSession& session, OwedByPosition& owed) {
  std::size_t found = 0;
  for (const WebhookNumber number : webhooks) {
    const SharedWebhook webhook = session.FindWebhook(number);
    const bool enabled = webhook && webhook->enabled == Switch::kOn;
    for (auto row = pending_.With(number, old.front(), old.back(), rows + 1); row.Step();) {
      if (++found > rows && old.size() > 1) return false;
      const auto purpose = row.Get<"purpose">();
      const bool by_hand =
          purpose == OwedDelivery::Purpose::kTest || row.Get<"attempt_trigger">() == AttemptTrigger::kManual;
      owed[row.Get<"position">()].push_back({.webhook = number, .purpose = purpose, .stays = enabled || by_hand});
    }
    for (const Position position : owed_.Find(number, old.front(), old.back(), rows + 1)) {
      if (++found > rows && old.size() > 1) return false;
      owed[position].push_back({.webhook = number, .purpose = OwedDelivery::Purpose::kDeliver, .stays = enabled});
    }
  }
  return true;
}

std::int64_t Purge::PurgeEvent(Position position, const std::vector<Owed>& owed, const Limits& limits) {
  std::int64_t purged = 0;
  for (const Owed& delivery : owed) {
    if (!delivery.stays) purged += Cancel(position, delivery, limits.now);
  }
  if (std::ranges::any_of(owed, &Owed::stays)) return purged;
  if (ended_since_.With(position, limits.before, WrongAfter(limits)).Step()) return purged;
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

std::int64_t Purge::Cancel(Position position, const Owed& owed, Timestamp now) {
  const DeliveryKey key{position, owed.webhook};
  if (owed_.Remove(key)) {
    cancelations_.EndUntried(key, now);
  } else {
    cancel_.Run(key, now);
    drop_pending_.Run(key);
  }
  if (owed.purpose == OwedDelivery::Purpose::kDeliver) {
    --health_.Touch(owed.webhook).pending;
    statistics_.Count(owed.webhook, now, {.canceled = 1});
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
