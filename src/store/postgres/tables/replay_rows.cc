#include "store/postgres/tables/replay_rows.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "store/postgres/tables/counter_rows.h"
#include "store/postgres/tables/delivery_rows.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

// A running replay has not ended.
struct RunningColumns : Columns<Column<"count(*) AS running", std::int64_t>,
                                Column<"count(*) FILTER (WHERE webhook = $2) AS of_webhook", std::int64_t>> {};
struct EventColumns
    : Columns<Column<"w.position", Position>, Column<"e.resource", ResourceNumber>, Column<"e.created_at", Timestamp>> {
};

std::set<DeliveryKey> KeysOf(const ReplayPage& page, WebhookNumber webhook) {
  std::set<DeliveryKey> keys;
  for (const auto& positions : {page.ended, page.missing}) {
    for (const Position position : positions) keys.insert({position, webhook});
  }
  return keys;
}

// Returns how many were made. Each bears its event's time, so that the log stays in the order of its times. The events
// are held: a purge that comes later sees that they are owed.
Async<std::int64_t> MakeMissing(std::vector<Position> positions, WebhookNumber webhook, Timestamp now, Random& random,
                                DeliveryRows& rows, Connection& connection) {
  const auto events = co_await connection.Run(
      Select<EventColumns>("FROM unnest($2::int8[]) AS w (position) CROSS JOIN LATERAL (SELECT resource, created_at"
                           " FROM event WHERE tenant = $1 AND position = w.position FOR SHARE) e")
          .With(kTenant, positions));
  std::int64_t made = 0;
  for (const auto event : events) {
    const DeliveryKey key{event.Get<"position">(), webhook};
    if (rows.Find(key) != nullptr) continue;
    rows.Add(key, {.resource = event.Get<"resource">(),
                   .created_at = event.Get<"created_at">(),
                   .due = now,
                   .trigger = AttemptTrigger::kReplay,
                   .id = DeliveryId{Uuid::MakeV7(now, random)}});
    ++made;
  }
  co_return made;
}

}  // namespace

Async<Stored<Done>> StartReplay(Replay replay, ByHandParts parts, Transaction& transaction) {
  Connection& connection = transaction.connection();
  co_await parts.config.Hold(connection);
  if (!parts.directory.config_cache().FindWebhook(replay.webhook)) {
    co_return Refuse(Refusal::Kind::kMissing, "the webhook does not exist");
  }
  const auto rows = co_await connection.Run(
      Select<RunningColumns>("FROM replay WHERE tenant = $1 AND ended_at IS NULL").With(kTenant, replay.webhook));
  if (rows[0].Get<"of_webhook">() > 0) {
    co_return Refuse(Refusal::Kind::kExists, "A replay of this webhook is running.");
  }
  if (rows[0].Get<"running">() >= kRunningReplaysMax) {
    co_return Refuse(Refusal::Kind::kExists, std::to_string(kRunningReplaysMax) + " replays are running already.");
  }
  const ReplayRange range = co_await RangeOf(replay.filter, connection);
  const ReplayFilter& filter = replay.filter;
  transaction.writes.Add(
      Statement("INSERT INTO replay (tenant, id, webhook, statuses, events, since, until, missing, state, matched,"
                " created_at, looked_until, last_position)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
          .With(kTenant, replay.id, replay.webhook, filter.statuses.bits, filter.events.bits, filter.since,
                filter.until, filter.missing, ReplayState::kRunning, replay.matched, replay.created_at, range.after,
                range.last));
  transaction.commit.replays.push_back(replay.id);
  co_return Done();
}

Async<Stored<Replay>> CancelReplay(ReplayId id, Timestamp now, Transaction& transaction) {
  co_await transaction.connection().Run(
      Statement("UPDATE replay SET state = $3, ended_at = $4 WHERE tenant = $1 AND id = $2 AND ended_at IS NULL")
          .With(kTenant, id, ReplayState::kCanceled, now));
  auto replay = co_await FindReplay(id, transaction.connection());
  if (!replay) co_return Refuse(Refusal::Kind::kMissing, "no such replay");
  co_return *std::move(replay);
}

Async<Stored<ReplayStep>> ContinueReplay(ReplayWork work, Timestamp now, ByHandParts parts, Random& random,
                                         Transaction& transaction) {
  Connection& connection = transaction.connection();
  co_await parts.config.Share(connection);
  const WebhookNumber number = work.replay.webhook;
  const SharedWebhook webhook = parts.directory.config_cache().FindWebhook(number);
  if (!webhook || webhook->enabled == Switch::kOff) co_return ReplayStep::kPaused;
  std::set<WebhookNumber> webhooks = {number};
  const auto discards = co_await ReadDiscards(std::move(webhooks), connection);
  if (!discards.empty()) co_return ReplayStep::kWaits;
  const auto held = co_await HoldReplay(work.replay.id, work.range.after, connection);
  if (!held) co_return ReplayStep::kMoved;  // canceled, or moved by another step

  DeliveryRows rows;
  co_await rows.Take(KeysOf(work.page, number), connection);
  PendingChanges counted;
  std::int64_t done = 0;
  for (const Position position : work.page.ended) {
    const DeliveryKey key{position, number};
    DeliveryRow* const row = rows.Find(key);
    if (row == nullptr || row->pending || !row->ended || row->ended->origin == EventOrigin::kTest) continue;
    if (!work.replay.filter.statuses.Has(row->ended->status)) continue;
    OweAgain(key, AttemptTrigger::kReplay, now, *row, counted);
    ++done;
  }
  if (!work.page.missing.empty()) {
    const auto made = co_await MakeMissing(work.page.missing, number, now, random, rows, connection);
    counted[number] += made;
    done += made;
  }
  rows.Write(transaction);
  CountPending(counted, parts.writer, transaction);

  const bool ends = work.page.looked_until >= held->last;
  transaction.writes.Add(Statement("UPDATE replay SET looked_until = $3, done = done + $4, state = $5, ended_at = $6"
                                   " WHERE tenant = $1 AND id = $2")
                             .With(kTenant, work.replay.id, work.page.looked_until, done,
                                   ends ? ReplayState::kDone : ReplayState::kRunning,
                                   ends ? std::optional(now) : std::nullopt));
  if (done > 0) transaction.commit.due.push_back({webhook, now});
  co_return ends ? ReplayStep::kEnded : ReplayStep::kMoved;
}

void CancelReplaysOf(WebhookNumber webhook, Timestamp now, Transaction& transaction) {
  transaction.writes.Add(
      Statement("UPDATE replay SET state = $3, ended_at = $4 WHERE tenant = $1 AND webhook = $2 AND ended_at IS NULL")
          .With(kTenant, webhook, ReplayState::kCanceled, now));
}

Async<std::int64_t> PurgeReplays(Timestamp before, std::size_t limit, Connection& connection) {
  return connection.Run(Statement("DELETE FROM replay WHERE ctid = ANY (ARRAY(SELECT ctid FROM replay WHERE tenant = $1"
                                  " AND ended_at < $2 ORDER BY ended_at LIMIT $3))")
                            .With(kTenant, before, limit));
}

}  // namespace shakehook::postgres
