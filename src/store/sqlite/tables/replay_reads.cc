#include "store/sqlite/tables/replay_reads.h"

#include <algorithm>
#include <utility>

namespace shakehook::sqlite {

struct ReplayColumns
    : Columns<Column<"replay.id", ReplayId>, Column<"replay.webhook", WebhookNumber>,
              Column<"webhook.id AS webhook_id", WebhookId>, Column<"statuses", std::uint8_t>,
              Column<"replay.events", std::uint8_t>, Column<"since", std::optional<Timestamp>>,
              Column<"until", std::optional<Timestamp>>, Column<"missing", Switch>, Column<"state", ReplayState>,
              Column<"matched", std::int64_t>, Column<"done", std::int64_t>, Column<"replay.created_at", Timestamp>,
              Column<"ended_at", std::optional<Timestamp>>> {};

struct ReplayRangeColumns : Columns<Column<"looked_until", Position>, Column<"last_position", Position>> {};

struct EndedReplayColumns
    : Columns<Column<"position", Position>, Column<"status", DeliveryStatus>, Column<"created_at", Timestamp>> {};

struct ReplayedEventColumns : Columns<Column<"type", EventType>, Column<"origin", EventOrigin>> {};

// `fits`: the event is of the scope. Events of a venue from the time when it was in another group are left out.
struct VenueEventColumns
    : Columns<Column<"position", Position>, Column<"type", EventType>, Column<"origin", EventOrigin>,
              Column<"created_at", Timestamp>, Column<"1 AS fits", bool>> {};
struct GroupEventColumns : Columns<Column<"position", Position>, Column<"type", EventType>,
                                   Column<"origin", EventOrigin>, Column<"created_at", Timestamp>,
                                   Column<"venues_group = ?1 AND venue IN (SELECT number FROM venue"
                                          " WHERE venues_group = ?1 AND deleted = 0) AS fits",
                                          bool>> {};

namespace {

// Deliveries that a step makes due: few enough that no commit takes long.
constexpr std::size_t kStepDeliveries = 100;
// The most deliveries of a replay that are due and not tried yet. At this number the replay waits, so that retries do
// not wait behind all of it, and a canceled replay ends soon.
constexpr std::size_t kAheadMax = 500;
// Rows of each kind that are read at a time, and rows that one page looks at.
constexpr std::size_t kRowsAtOnceMin = 64;
constexpr std::size_t kRowsAtOnceMax = 512;
constexpr std::size_t kRowsLookedAtMax = 4'000;
constexpr std::size_t kCountAtOnce = kRowsLookedAtMax;

#define SHAKEHOOK_FROM_REPLAY "FROM replay JOIN webhook ON webhook.number = replay.webhook "

Replay ReadReplay(const Rows<ReplayColumns>& row) {
  return {.id = row.Get<"id">(),
          .webhook = row.Get<"webhook">(),
          .webhook_id = row.Get<"webhook_id">(),
          .filter = {.statuses = {row.Get<"statuses">()},
                     .events = {row.Get<"events">()},
                     .since = row.Get<"since">(),
                     .until = row.Get<"until">(),
                     .missing = row.Get<"missing">()},
          .state = row.Get<"state">(),
          .matched = row.Get<"matched">(),
          .done = row.Get<"done">(),
          .created_at = row.Get<"created_at">(),
          .ended_at = row.Get<"ended_at">()};
}

bool IsWithin(const ReplayFilter& filter, Timestamp time) {
  return (!filter.since || time >= *filter.since) && (!filter.until || time < *filter.until);
}

}  // namespace

ReplayReads::ReplayReads(Connection& connection, EventReads& events)
    : events_(events),
      untried_(connection),
      discards_(connection),
      find_(connection, SHAKEHOOK_FROM_REPLAY "WHERE replay.id = ?1"),
      list_(connection, SHAKEHOOK_FROM_REPLAY
            "WHERE replay.webhook = ?1 AND (?2 IS NULL OR replay.id < ?2) ORDER BY replay.id DESC LIMIT ?3"),
      running_(connection,
               Sql("SELECT id FROM replay INDEXED BY replay_running WHERE state = {}", ReplayState::kRunning)),
      range_(connection, "FROM replay WHERE id = ?1"),
      ahead_(connection, Sql("SELECT count(*) FROM (SELECT 1 FROM pending_delivery INDEXED BY pending_replayed"
                             " WHERE webhook = ?1 AND attempt_trigger = {} LIMIT ?2)",
                             AttemptTrigger::kReplay)),
      newest_(connection, "SELECT position FROM event ORDER BY position DESC LIMIT 1"),
      undelivered_(connection,
                   Sql("FROM ended_delivery INDEXED BY ended_undelivered_webhook"
                       " WHERE webhook = ?1 AND status = ?2 AND status <> {} AND position > ?3 AND position <= ?4"
                       " ORDER BY position LIMIT ?5",
                       DeliveryStatus::kDelivered)),
      ended_(connection,
             "FROM ended_delivery INDEXED BY ended_webhook"
             " WHERE webhook = ?1 AND position > ?2 AND position <= ?3 ORDER BY position LIMIT ?4"),
      event_(connection, "FROM event WHERE position = ?1"),
      events_of_venue_(connection,
                       "FROM event INDEXED BY event_venue"
                       " WHERE venue = (SELECT number FROM venue WHERE id = ?1 AND deleted = 0)"
                       " AND position > ?2 AND position <= ?3 ORDER BY position LIMIT ?4"),
      events_of_group_(connection, "FROM event WHERE position > ?2 AND position <= ?3 ORDER BY position LIMIT ?4"),
      has_ended_(connection, "SELECT 1 FROM ended_delivery WHERE webhook = ?1 AND position = ?2"),
      has_pending_(connection, "SELECT 1 FROM pending_delivery WHERE webhook = ?1 AND position = ?2") {}

// --- Replays ---

std::optional<Replay> ReplayReads::Find(ReplayId id) {
  auto row = find_.With(id);
  if (!row.Step()) return std::nullopt;
  return ReadReplay(row);
}

std::vector<Replay> ReplayReads::List(WebhookNumber webhook, std::optional<ReplayId> before, std::size_t limit) {
  std::vector<Replay> replays;
  for (auto row = list_.With(webhook, before, limit); row.Step();) replays.push_back(ReadReplay(row));
  return replays;
}

std::vector<ReplayId> ReplayReads::ListRunning() {
  std::vector<ReplayId> ids;
  for (auto row = running_.With(); row.Step();) ids.push_back(row.Value());
  return ids;
}

// --- What they send ---

ReplayRange ReplayReads::RangeOf(const ReplayFilter& filter) {
  ReplayRange range;
  range.last = newest_.First().value_or(Position());
  if (filter.since) range.after = {events_.FloorOf(*filter.since).value - 1};
  if (filter.until) range.last = std::min(range.last, Position{events_.CeilingOf(*filter.until).value - 1});
  return range;
}

ReplayPage ReplayReads::Look(const Webhook& webhook, const ReplayFilter& filter, ReplayRange range, std::size_t limit) {
  ReplayPage page{.looked_until = range.after};
  const std::size_t at_once = std::clamp(limit, kRowsAtOnceMin, kRowsAtOnceMax);
  for (std::size_t looked_at = 0; looked_at < kRowsLookedAtMax && range.after < range.last;) {
    RowsUntil found = ReadRows(webhook, filter, range, at_once);
    std::ranges::sort(found.rows);
    for (const Row& row : found.rows) {
      if (row.position > found.until) break;
      ++looked_at;
      if (!row.fits) continue;
      (row.missing ? page.missing : page.ended).push_back(row.position);
      if (page.size() < limit) continue;
      page.looked_until = row.position;
      return page;
    }
    page.looked_until = range.after = found.until;
  }
  page.looked_until = range.after;
  return page;
}

// The next rows of each kind. A kind that gave as many as it was asked for may have more behind its last.
ReplayReads::RowsUntil ReplayReads::ReadRows(const Webhook& webhook, const ReplayFilter& filter, ReplayRange range,
                                             std::size_t limit) {
  RowsUntil found{.rows = {}, .until = range.last};
  if (filter.statuses.Has(DeliveryStatus::kDelivered)) {
    AddEnded(ended_.With(webhook.number, range.after, range.last, limit), filter, limit, found);
  } else {
    for (const DeliveryStatus status : {DeliveryStatus::kFailed, DeliveryStatus::kCanceled}) {
      if (!filter.statuses.Has(status)) continue;
      AddEnded(undelivered_.With(webhook.number, status, range.after, range.last, limit), filter, limit, found);
    }
  }
  if (filter.missing == Switch::kOn) AddMissing(webhook, filter, range, limit, found);
  return found;
}

void ReplayReads::AddEnded(Rows<EndedReplayColumns> ended, const ReplayFilter& filter, std::size_t limit,
                           RowsUntil& into) {
  std::size_t read = 0;
  Position last;
  for (; ended.Step(); ++read) {
    last = ended.Get<"position">();
    Row row{.position = last};
    if (filter.statuses.Has(ended.Get<"status">()) && IsWithin(filter, ended.Get<"created_at">())) {
      auto event = event_.With(last);
      row.fits = event.Step() && event.Get<"origin">() != EventOrigin::kTest &&
                 (filter.events.empty() || filter.events.Has(event.Get<"type">()));
    }
    into.rows.push_back(row);
  }
  if (read == limit) into.until = std::min(into.until, last);
}

void ReplayReads::AddMissing(const Webhook& webhook, const ReplayFilter& filter, ReplayRange range, std::size_t limit,
                             RowsUntil& into) {
  const auto add = [&](auto row) {
    std::size_t read = 0;
    Position last;
    for (; row.Step(); ++read) {
      last = row.template Get<"position">();
      const EventType type = row.template Get<"type">();
      const bool asked = webhook.events.Has(type) && (filter.events.empty() || filter.events.Has(type));
      const bool fits = asked && row.template Get<"fits">() && row.template Get<"origin">() != EventOrigin::kTest &&
                        IsWithin(filter, row.template Get<"created_at">()) && !HasDelivery({last, webhook.number});
      if (fits) into.rows.push_back({.position = last, .missing = true, .fits = true});
    }
    if (read == limit) into.until = std::min(into.until, last);
  };
  if (webhook.scope.kind == Scope::Kind::kVenue) {
    add(events_of_venue_.With(webhook.scope.id, range.after, range.last, limit));
  } else {
    add(events_of_group_.With(webhook.scope.id, range.after, range.last, limit));
  }
}

bool ReplayReads::HasDelivery(DeliveryKey key) {
  return has_ended_.With(key).Step() || has_pending_.With(key).Step() || untried_.Has(key);
}

ReplayWork ReplayReads::FindWork(ReplayId id, const ConfigCache& config_cache) {
  const auto replay = Find(id);
  if (!replay || replay->state != ReplayState::kRunning) return {.step = ReplayStep::kEnded};
  const SharedWebhook webhook = config_cache.FindWebhook(replay->webhook);
  if (!webhook || webhook->enabled == Switch::kOff) return {.step = ReplayStep::kPaused};
  // Some of what was discarded is not yet where it is looked for.
  if (discards_.Of(replay->webhook)) return {.step = ReplayStep::kWaits, .discarding = replay->webhook};
  if (ahead_.First(replay->webhook, kAheadMax) >= kAheadMax) return {.step = ReplayStep::kWaits};
  ReplayWork work{.step = ReplayStep::kMoved, .replay = *replay};
  {
    auto row = range_.With(id);
    if (!row.Step()) return {.step = ReplayStep::kEnded};
    work.range = {row.Get<"looked_until">(), row.Get<"last_position">()};
  }
  work.page = Look(*webhook, replay->filter, work.range, kStepDeliveries);
  return work;
}

Progress ReplayReads::Continue(ReplayCount& count, const ConfigCache& config_cache) {
  const SharedWebhook webhook = config_cache.FindWebhook(count.webhook);
  if (!webhook) return Progress::kComplete;
  if (!count.range) count.range = RangeOf(count.filter);
  const ReplayPage page = Look(*webhook, count.filter, *count.range, kCountAtOnce);
  count.counted += static_cast<std::int64_t>(page.size());
  count.range->after = page.looked_until;
  return count.range->after < count.range->last ? Progress::kGoesOn : Progress::kComplete;
}

}  // namespace shakehook::sqlite
