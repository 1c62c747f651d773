#include "store/postgres/tables/replay_reads.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "base/check.h"
#include "store/postgres/engine/number_of.h"
#include "store/postgres/tables/discard_rows.h"
#include "store/postgres/tables/event_reads.h"
#include "store/postgres/tables/tenant.h"
#include "store/replay_columns.h"

namespace shakehook::postgres {
namespace {

struct IdColumns : Columns<Column<"id", ReplayId>> {};
struct NewestColumns : Columns<Column<"position", Position>> {};
struct AheadColumns : Columns<Column<"count(*) AS ahead", std::int64_t>> {};
struct EndedColumns
    : Columns<Column<"d.position", Position>, Column<"d.status", DeliveryStatus>, Column<"d.created_at", Timestamp>,
              Column<"e.type", std::optional<EventType>>, Column<"e.origin", std::optional<EventOrigin>>> {};

#define SHAKEHOOK_HAS_DELIVERY                                                                                       \
  "EXISTS (SELECT 1 FROM ended_delivery d WHERE d.tenant = $1 AND d.position = e.position AND d.webhook = $2)"       \
  " OR EXISTS (SELECT 1 FROM pending_delivery p WHERE p.tenant = $1 AND p.webhook = $2 AND p.position = e.position)" \
  " AS has_delivery"

// `fits`: the event is of the scope. Events of a venue from the time when it was in another group are left out.
struct VenueEventColumns
    : Columns<Column<"e.position", Position>, Column<"e.type", EventType>, Column<"e.origin", EventOrigin>,
              Column<"e.created_at", Timestamp>, Column<"true AS fits", bool>, Column<SHAKEHOOK_HAS_DELIVERY, bool>> {};
struct GroupEventColumns
    : Columns<Column<"e.position", Position>, Column<"e.type", EventType>, Column<"e.origin", EventOrigin>,
              Column<"e.created_at", Timestamp>,
              Column<"coalesce(e.venues_group = $3 AND e.venue IN (SELECT number FROM venue WHERE tenant = $1"
                     " AND venues_group = $3 AND deleted = 0), false) AS fits",
                     bool>,
              Column<SHAKEHOOK_HAS_DELIVERY, bool>> {};

#define SHAKEHOOK_FROM_REPLAY \
  "FROM replay JOIN webhook ON webhook.tenant = $1 AND webhook.number = replay.webhook WHERE replay.tenant = $1 "

// Ids are UUIDs of version 7, which are smaller.
constexpr ReplayId kBehindAll = [] {
  ReplayId id;
  id.uuid.bytes.fill(0xff);
  return id;
}();

// The events of ended deliveries are looked up one by one, whatever a plan was made of.
std::string EndedOf(std::string_view condition) {
  return "FROM (SELECT position, status, created_at FROM ended_delivery WHERE tenant = $1 AND webhook = $2 AND " +
         std::string(condition) +
         " AND position > $3 AND position <= $4 ORDER BY position LIMIT $5) d LEFT JOIN LATERAL"
         " (SELECT type, origin FROM event WHERE tenant = $1 AND position = d.position OFFSET 0) e ON true"
         " ORDER BY d.position";
}

void AddEnded(const Rows<EndedColumns>& rows, const ReplayFilter& filter, std::size_t limit, ReplayedRows& into) {
  for (const auto row : rows) {
    const auto type = row.Get<"type">();
    const bool fits = filter.statuses.Has(row.Get<"status">()) && IsWithin(filter, row.Get<"created_at">()) && type &&
                      row.Get<"origin">() != EventOrigin::kTest && (filter.events.empty() || filter.events.Has(*type));
    into.rows.push_back({.position = row.Get<"position">(), .fits = fits});
  }
  if (rows.size() == limit) into.until = std::min(into.until, rows[rows.size() - 1].template Get<"position">());
}

template <class RowColumns>
void AddMissing(const Rows<RowColumns>& rows, const Webhook& webhook, const ReplayFilter& filter, std::size_t limit,
                ReplayedRows& into) {
  for (const auto row : rows) {
    const EventType type = row.template Get<"type">();
    const bool asked = webhook.events.Has(type) && (filter.events.empty() || filter.events.Has(type));
    const bool fits = asked && row.template Get<"fits">() && row.template Get<"origin">() != EventOrigin::kTest &&
                      IsWithin(filter, row.template Get<"created_at">()) && !row.template Get<"has_delivery">();
    into.rows.push_back({.position = row.template Get<"position">(), .missing = true, .fits = fits});
  }
  if (rows.size() == limit) into.until = std::min(into.until, rows[rows.size() - 1].template Get<"position">());
}

// The next rows of each kind. A kind that gave as many as it was asked for may have more behind its last.
Async<ReplayedRows> ReadRows(SharedWebhook webhook, ReplayFilter filter, ReplayRange range, std::size_t limit,
                             Connection& connection) {
  ReplayedRows found{.rows = {}, .until = range.last};
  Pipeline pipeline;
  std::vector<RowsPlace<EndedColumns>> ended;
  const auto look_for = [&](const std::string& condition) {
    ended.push_back(pipeline.Add(
        Select<EndedColumns>(EndedOf(condition)).With(kTenant, webhook->number, range.after, range.last, limit)));
  };
  if (filter.statuses.Has(DeliveryStatus::kDelivered)) {
    look_for("created_at IS NOT NULL");
  } else {
    for (const DeliveryStatus status : {DeliveryStatus::kFailed, DeliveryStatus::kCanceled}) {
      if (!filter.statuses.Has(status)) continue;
      look_for("status = " + NumberOf(status) + " AND status <> " + NumberOf(DeliveryStatus::kDelivered));
    }
  }
  std::optional<RowsPlace<VenueEventColumns>> of_venue;
  std::optional<RowsPlace<GroupEventColumns>> of_group;
  const bool missing = filter.missing == Switch::kOn;
  if (missing && webhook->scope.kind == Scope::Kind::kVenue) {
    of_venue =
        pipeline.Add(Select<VenueEventColumns>("FROM (SELECT position, type, origin, created_at, venue, venues_group "
                                               "FROM event WHERE tenant = $1 AND venue = (SELECT number FROM venue"
                                               " WHERE tenant = $1 AND id = $3 AND deleted = 0) AND position > $4"
                                               " AND position <= $5 ORDER BY position LIMIT $6) e ORDER BY e.position")
                         .With(kTenant, webhook->number, webhook->scope.id, range.after, range.last, limit));
  } else if (missing) {
    of_group =
        pipeline.Add(Select<GroupEventColumns>("FROM (SELECT position, type, origin, created_at, venue, venues_group "
                                               "FROM event WHERE tenant = $1 AND position > $4"
                                               " AND position <= $5 ORDER BY position LIMIT $6) e ORDER BY e.position")
                         .With(kTenant, webhook->number, webhook->scope.id, range.after, range.last, limit));
  }
  Results results = co_await connection.Run(std::move(pipeline));
  for (const auto& place : ended) AddEnded(results.Take(place), filter, limit, found);
  if (of_venue) AddMissing(results.Take(*of_venue), *webhook, filter, limit, found);
  if (of_group) AddMissing(results.Take(*of_group), *webhook, filter, limit, found);
  co_return found;
}

Async<ReplayPage> Look(SharedWebhook webhook, ReplayFilter filter, ReplayRange range, std::size_t limit,
                       Connection& connection) {
  ReplayLook look(range, limit);
  while (look.wants_more()) {
    look.Add(co_await ReadRows(webhook, filter, look.range(), look.rows_at_once(), connection));
  }
  co_return look.page();
}

}  // namespace

Async<std::optional<Replay>> FindReplay(ReplayId id, Connection& connection) {
  const auto rows =
      co_await connection.Run(Select<ReplayColumns>(SHAKEHOOK_FROM_REPLAY "AND replay.id = $2").With(kTenant, id));
  if (rows.empty()) co_return std::nullopt;
  co_return ReadReplay(rows[0]);
}

Async<std::vector<Replay>> ListReplays(WebhookNumber webhook, std::optional<ReplayId> before, std::size_t limit,
                                       Connection& connection) {
  const auto rows = co_await connection.Run(
      Select<ReplayColumns>(SHAKEHOOK_FROM_REPLAY
                            "AND replay.webhook = $2 AND replay.id < $3 ORDER BY replay.id DESC LIMIT $4")
          .With(kTenant, webhook, before.value_or(kBehindAll), limit));
  std::vector<Replay> replays;
  for (const auto row : rows) replays.push_back(ReadReplay(row));
  co_return replays;
}

Async<std::vector<ReplayId>> ListRunningReplays(Connection& connection) {
  const auto rows = co_await connection.Run(
      Select<IdColumns>("FROM replay WHERE tenant = $1 AND ended_at IS NULL ORDER BY id").With(kTenant));
  std::vector<ReplayId> ids;
  for (const auto row : rows) ids.push_back(row.Get<"id">());
  co_return ids;
}

Async<ReplayRange> RangeOf(ReplayFilter filter, Connection& connection) {
  const auto newest = co_await connection.Run(
      Select<NewestColumns>("FROM event WHERE tenant = $1 ORDER BY position DESC LIMIT 1").With(kTenant));
  ReplayRange range;
  if (!newest.empty()) range.last = newest[0].Get<"position">();
  if (filter.since) range.after = {(co_await FloorOf(*filter.since, connection)).value - 1};
  if (filter.until) {
    const Position ceiling = co_await CeilingOf(*filter.until, connection);
    range.last = std::min(range.last, Position{ceiling.value - 1});
  }
  co_return range;
}

Async<std::optional<ReplayRange>> HoldReplay(ReplayId id, Position looked_until, Connection& connection) {
  const auto rows = co_await connection.Run(
      Select<ReplayRangeColumns>(
          "FROM replay WHERE tenant = $1 AND id = $2 AND looked_until = $3 AND ended_at IS NULL FOR UPDATE")
          .With(kTenant, id, looked_until));
  if (rows.empty()) co_return std::nullopt;
  co_return ReplayRange{rows[0].Get<"looked_until">(), rows[0].Get<"last_position">()};
}

Async<ReplayWork> FindReplayWork(ReplayId id, const ConfigCache& config_cache, Connection& connection) {
  const auto replay = co_await FindReplay(id, connection);
  if (!replay || replay->state != ReplayState::kRunning) co_return ReplayWork{.step = ReplayStep::kEnded};
  const SharedWebhook webhook = config_cache.FindWebhook(replay->webhook);
  if (!webhook || webhook->enabled == Switch::kOff) co_return ReplayWork{.step = ReplayStep::kPaused};
  // Some of what was discarded is not yet where it is looked for.
  std::set<WebhookNumber> webhooks = {replay->webhook};
  const auto discards = co_await ReadDiscards(std::move(webhooks), connection);
  if (!discards.empty()) co_return ReplayWork{.step = ReplayStep::kWaits, .discarding = replay->webhook};
  Pipeline pipeline;
  const auto ahead =
      pipeline.Add(Select<AheadColumns>("FROM (SELECT 1 FROM pending_delivery WHERE tenant = $1 AND webhook = $2"
                                        " AND attempt_trigger = " +
                                        NumberOf(AttemptTrigger::kReplay) + " LIMIT $3) p")
                       .With(kTenant, replay->webhook, kReplayAheadMax));
  const auto range =
      pipeline.Add(Select<ReplayRangeColumns>("FROM replay WHERE tenant = $1 AND id = $2").With(kTenant, id));
  Results results = co_await connection.Run(std::move(pipeline));
  if (results.Take(ahead)[0].Get<"ahead">() >= static_cast<std::int64_t>(kReplayAheadMax)) {
    co_return ReplayWork{.step = ReplayStep::kWaits};
  }
  const auto ranges = results.Take(range);
  if (ranges.empty()) co_return ReplayWork{.step = ReplayStep::kEnded};
  ReplayWork work{.step = ReplayStep::kMoved, .replay = *replay};
  work.range = {ranges[0].Get<"looked_until">(), ranges[0].Get<"last_position">()};
  work.page = co_await Look(webhook, replay->filter, work.range, kReplayStepDeliveries, connection);
  co_return work;
}

Async<ReplayCount> ContinueCount(ReplayCount count, Connection& connection) {
  if (!count.range) count.range = co_await RangeOf(count.filter, connection);
  const ReplayPage page = co_await Look(count.webhook, count.filter, *count.range, kReplayCountAtOnce, connection);
  count.counted += static_cast<std::int64_t>(page.size());
  count.range->after = page.looked_until;
  count.complete = count.range->after >= count.range->last;
  co_return count;
}

}  // namespace shakehook::postgres
