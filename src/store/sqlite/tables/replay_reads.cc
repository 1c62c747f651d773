#include "store/sqlite/tables/replay_reads.h"

#include <algorithm>
#include <utility>

namespace shakehook::sqlite {

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

#define SHAKEHOOK_FROM_REPLAY "FROM replay JOIN webhook ON webhook.number = replay.webhook "

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
  ReplayLook look(range, limit);
  while (look.wants_more()) look.Add(ReadRows(webhook, filter, look.range(), look.rows_at_once()));
  return look.page();
}

// The next rows of each kind. A kind that gave as many as it was asked for may have more behind its last.
ReplayedRows ReplayReads::ReadRows(const Webhook& webhook, const ReplayFilter& filter, ReplayRange range,
                                   std::size_t limit) {
  ReplayedRows found{.rows = {}, .until = range.last};
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
                           ReplayedRows& into) {
  std::size_t read = 0;
  Position last;
  for (; ended.Step(); ++read) {
    last = ended.Get<"position">();
    ReplayedRow row{.position = last};
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
                             ReplayedRows& into) {
  const auto add = [&](auto row) {
    std::size_t read = 0;
    Position last;
    for (; row.Step(); ++read) {
      last = row.template Get<"position">();
      const EventType type = row.template Get<"type">();
      const bool asked = webhook.events.Has(type) && (filter.events.empty() || filter.events.Has(type));
      const bool fits = asked && row.template Get<"fits">() && row.template Get<"origin">() != EventOrigin::kTest &&
                        IsWithin(filter, row.template Get<"created_at">()) && !HasDelivery({last, webhook.number});
      into.rows.push_back({.position = last, .missing = true, .fits = fits});
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
  if (ahead_.First(replay->webhook, kReplayAheadMax) >= kReplayAheadMax) return {.step = ReplayStep::kWaits};
  ReplayWork work{.step = ReplayStep::kMoved, .replay = *replay};
  {
    auto row = range_.With(id);
    if (!row.Step()) return {.step = ReplayStep::kEnded};
    work.range = {row.Get<"looked_until">(), row.Get<"last_position">()};
  }
  work.page = Look(*webhook, replay->filter, work.range, kReplayStepDeliveries);
  return work;
}

Progress ReplayReads::Continue(ReplayCount& count, const ConfigCache& config_cache) {
  const SharedWebhook webhook = config_cache.FindWebhook(count.webhook);
  if (!webhook) return Progress::kComplete;
  if (!count.range) count.range = RangeOf(count.filter);
  const ReplayPage page = Look(*webhook, count.filter, *count.range, kReplayCountAtOnce);
  count.counted += static_cast<std::int64_t>(page.size());
  count.range->after = page.looked_until;
  return count.range->after < count.range->last ? Progress::kGoesOn : Progress::kComplete;
}

}  // namespace shakehook::sqlite
