#include "store/postgres/tables/purge.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "store/postgres/tables/counter_rows.h"
#include "store/postgres/tables/delivery_rows.h"
#include "store/postgres/tables/discard_rows.h"
#include "store/postgres/tables/import_rows.h"
#include "store/postgres/tables/replay_rows.h"
#include "store/postgres/tables/statistics_rows.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

// Longer than the longest window that is shown, whatever the retention.
constexpr Milliseconds kStatisticsKept{31LL * 86'400'000};

struct EventColumns : Columns<Column<"position", Position>, Column<"created_at", Timestamp>> {};
struct CountColumns : Columns<Column<"w.position", Position>, Column<"c.rows", std::int64_t>> {};
struct PendingColumns : Columns<Column<"p.webhook", WebhookNumber>, Column<"w.position", Position>> {};
struct HeldColumns
    : Columns<Column<"w.position", Position>, Column<"coalesce(e.is_recent, false) AS is_recent", bool>> {};
struct WebhookColumns : Columns<Column<"webhook", WebhookNumber>> {};

Timestamp WrongAfter(const Purge::Limits& limits) { return limits.now + (limits.now - limits.before); }

// Statements go from position to position, whatever a plan was made of (delivery_rows.cc).
BoundStatement DeleteOf(std::string_view table, const std::vector<Position>& positions) {
  const std::string name(table);
  return Statement("DELETE FROM " + name +
                   " d USING (SELECT e.ctid AS place FROM unnest($2::int8[]) AS w (position)"
                   " CROSS JOIN LATERAL (SELECT ctid FROM " +
                   name + " WHERE tenant = $1 AND position = w.position OFFSET 0) e) u WHERE d.ctid = u.place")
      .With(kTenant, positions);
}

}  // namespace

Async<std::int64_t> Purge::Step(Limits limits, Transaction& transaction) {
  Connection& connection = transaction.connection();
  const auto discarded =
      co_await connection.Run(Select<WebhookColumns>("FROM discard WHERE tenant = $1 LIMIT 1").With(kTenant));
  if (!discarded.empty()) {
    static_cast<void>(co_await StepDiscard(discarded[0].Get<"webhook">(), transaction));
    co_return 1;
  }
  co_await config_.Share(connection);
  Page page = co_await FindOld(limits, connection);
  const std::size_t found = page.old.size();
  co_await Shorten(page.old, limits.rows, connection);
  const bool more = page.more || page.old.size() < found;
  const Position next = page.old.size() < found ? page.old.back() : page.more ? page.looked_until : Position{0};
  std::int64_t rows = 0;
  if (!page.old.empty()) rows = co_await PurgeEvents(page.old, limits, transaction);
  rows += co_await connection.Run(
      Statement("DELETE FROM idempotency_record WHERE ctid = ANY (ARRAY(SELECT ctid FROM idempotency_record"
                " WHERE tenant = $1 AND created_at < $2 ORDER BY created_at LIMIT $3))")
          .With(kTenant, limits.idempotency_records_before, limits.rows));
  rows += co_await connection.Run(
      Statement("DELETE FROM webhook_statistics WHERE ctid = ANY (ARRAY(SELECT ctid FROM webhook_statistics"
                " WHERE tenant = $1 AND hour < $2 AND delivered IS NOT NULL ORDER BY hour LIMIT $3))")
          .With(kTenant, limits.now - kStatisticsKept, limits.rows));
  rows += co_await PurgeImports(limits.before, limits.now, limits.rows, connection);
  rows += co_await PurgeReplays(limits.before, limits.rows, connection);
  transaction.AfterCommit([this, next] { looked_until_ = next; });
  co_return more ? std::max<std::int64_t>(rows, 1) : rows;
}

Async<Purge::Page> Purge::FindOld(Limits limits, Connection& connection) {
  const Timestamp wrong_after = WrongAfter(limits);
  Page page;
  std::size_t decided = 0;  // how many of page.old are decided: those up to one whose time can be right
  const auto rows = co_await connection.Run(
      Select<EventColumns>("FROM event WHERE tenant = $1 AND position > $2 ORDER BY position LIMIT $3")
          .With(kTenant, looked_until_, limits.rows));
  for (const auto row : rows) {
    const auto created_at = row.Get<"created_at">();
    if (created_at >= limits.before && created_at <= wrong_after) {
      page.old.resize(decided);
      co_return page;
    }
    page.old.push_back(row.Get<"position">());
    if (created_at < limits.before) decided = page.old.size();
  }
  if (rows.size() == limits.rows) {
    page.more = true;
    page.looked_until = page.old[decided > 0 ? decided - 1 : page.old.size() - 1];
  }
  page.old.resize(decided);
  co_return page;
}

Async<> Purge::Shorten(std::vector<Position>& old, std::size_t rows_max, Connection& connection) {
  if (old.empty()) co_return;
  const auto rows = co_await connection.Run(
      Select<CountColumns>("FROM unnest($2::int8[]) WITH ORDINALITY AS w (position, place) CROSS JOIN LATERAL (SELECT"
                           " (SELECT count(*) FROM ended_delivery WHERE tenant = $1 AND position = w.position)"
                           " + (SELECT count(*) FROM attempt WHERE tenant = $1 AND position = w.position)"
                           " + (SELECT count(*) FROM pending_delivery WHERE tenant = $1 AND position = w.position"
                           " AND created_at IS NOT NULL) + 1 AS rows) c ORDER BY w.place")
          .With(kTenant, old));
  std::size_t sum = 0;
  std::size_t taken = 0;
  for (const auto row : rows) {
    if (taken > 0 && sum >= rows_max) break;
    sum += static_cast<std::size_t>(row.Get<"rows">());
    ++taken;
  }
  old.resize(taken);
}

// Who makes a delivery of an old event pending again holds its row, or the event's: it comes before this, and is seen,
// or finds nothing.
Async<std::int64_t> Purge::PurgeEvents(std::vector<Position> old, Limits limits, Transaction& transaction) {
  Connection& connection = transaction.connection();
  Pipeline pipeline;
  pipeline.Add(Statement("SELECT 1 FROM unnest($2::int8[]) AS w (position) CROSS JOIN LATERAL (SELECT 1 FROM event"
                         " WHERE tenant = $1 AND position = w.position FOR UPDATE) e")
                   .With(kTenant, old));
  pipeline.Add(Statement("SELECT 1 FROM unnest($2::int8[]) AS w (position) CROSS JOIN LATERAL (SELECT 1"
                         " FROM ended_delivery WHERE tenant = $1 AND position = w.position FOR UPDATE) e")
                   .With(kTenant, old));
  const auto held = pipeline.Add(
      Select<HeldColumns>("FROM unnest($2::int8[]) WITH ORDINALITY AS w (position, place) LEFT JOIN LATERAL"
                          " (SELECT true AS is_recent FROM ended_delivery WHERE tenant = $1 AND position = w.position"
                          " AND ended_at BETWEEN $3 AND $4 LIMIT 1) e ON true ORDER BY w.place")
          .With(kTenant, old, limits.before, WrongAfter(limits)));
  const auto pending =
      pipeline.Add(Select<PendingColumns>("FROM unnest($2::int8[]) AS w (position) CROSS JOIN LATERAL (SELECT webhook"
                                          " FROM pending_delivery WHERE tenant = $1 AND position = w.position"
                                          " AND created_at IS NOT NULL OFFSET 0) p")
                       .With(kTenant, old));
  Results results = co_await connection.Run(std::move(pipeline));
  std::vector<DeliveryKey> owed;
  std::set<Position> kept;
  const auto pending_rows = results.Take(pending);
  for (const auto row : pending_rows) {
    owed.push_back({row.Get<"position">(), row.Get<"webhook">()});
    kept.insert(owed.back().position);
  }
  std::vector<Position> dropped;
  const auto held_rows = results.Take(held);
  for (const auto row : held_rows) {
    const auto position = row.Get<"position">();
    if (!row.Get<"is_recent">() && !kept.contains(position)) dropped.push_back(position);
  }
  std::int64_t rows = co_await CancelOfDisabled(std::move(owed), limits.now, transaction);
  if (dropped.empty()) co_return rows;
  rows += co_await connection.Run(DeleteOf("attempt", dropped));
  rows += co_await connection.Run(DeleteOf("ended_delivery", dropped));
  // A deleted resource whose last event goes leaves no row behind.
  static_cast<void>(co_await connection.Run(
      Statement("DELETE FROM resource d USING (SELECT r.ctid AS place FROM unnest($2::int8[]) AS w (position)"
                " CROSS JOIN LATERAL (SELECT resource FROM event WHERE tenant = $1 AND position = w.position LIMIT 1) e"
                " CROSS JOIN LATERAL (SELECT ctid FROM resource WHERE tenant = $1 AND number = e.resource"
                " AND last_event = w.position AND data IS NULL LIMIT 1) r) u WHERE d.ctid = u.place")
          .With(kTenant, dropped)));
  rows += co_await connection.Run(DeleteOf("event", dropped));
  co_return rows;
}

// Nobody is told: while it is off, a webhook's queue holds nothing but what was sent by hand, which stays, and attempts
// under way, whose results count as late ones.
Async<std::int64_t> Purge::CancelOfDisabled(std::vector<DeliveryKey> owed, Timestamp now, Transaction& transaction) {
  std::set<DeliveryKey> keys;
  for (const DeliveryKey& key : owed) {
    const SharedWebhook webhook = directory_.config_cache().FindWebhook(key.webhook);
    if (!webhook || webhook->enabled == Switch::kOff) keys.insert(key);
  }
  if (keys.empty()) co_return 0;
  DeliveryRows rows;
  co_await rows.Take(keys, transaction.connection());
  PendingChanges counted;
  StatisticsCounts statistics;
  std::int64_t canceled = 0;
  for (const DeliveryKey& key : keys) {
    DeliveryRow* const row = rows.Find(key);
    if (row == nullptr || !row->pending) continue;
    const PendingPart pending = *row->pending;
    const bool by_hand = pending.purpose == OwedDelivery::Purpose::kTest || pending.trigger == AttemptTrigger::kManual;
    if (by_hand) continue;
    row->pending.reset();
    ++canceled;
    if (pending.purpose == OwedDelivery::Purpose::kAgain) continue;
    row->ended = EndedPart{.status = DeliveryStatus::kCanceled,
                           .attempt_count = pending.attempts_made,
                           .created_at = pending.created_at,
                           .ended_at = now,
                           .id = pending.id,
                           .resource = pending.resource};
    --counted[key.webhook];
    statistics.Count(key.webhook, now, {.canceled = 1});
  }
  rows.Write(transaction);
  CountPending(counted, writer_, transaction);
  co_await statistics.Write(writer_, transaction);
  co_return canceled;
}

}  // namespace shakehook::postgres
