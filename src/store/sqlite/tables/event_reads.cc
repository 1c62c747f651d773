#include "store/sqlite/tables/event_reads.h"

#include <algorithm>
#include <queue>

#include "base/check.h"
#include "base/json.h"

namespace shakehook::sqlite {
namespace {

// The wall clock may be set back by 10 s without a list by time missing events made around that moment, and an event's
// own time may be 10 s from that of its making before it counts as astray (index event_astray).
constexpr Milliseconds kClockSlack{20'000};

}  // namespace

struct EventAtColumns
    : Columns<Column<"event.id", EventId>, Column<"event.type", EventType>, Column<"event.origin", EventOrigin>,
              Column<"event.timestamp", Timestamp>, Column<"venue.id AS venue_id", std::optional<VenueId>>,
              Column<"event.venues_group", std::optional<VenuesGroupId>>,
              Column<"resource.id AS resource_id", ResourceId>, Column<"event.payload", std::string>,
              Column<"event.resource", ResourceNumber>, Column<"event.created_at", Timestamp>> {};

struct MadeAtColumns : Columns<Column<"position", Position>, Column<"created_at", Timestamp>> {};

EventReads::EventReads(Connection& connection)
    : at_(connection,
          "FROM event LEFT JOIN venue ON venue.number = event.venue"
          " JOIN resource ON resource.number = event.resource WHERE event.position = ?1"),
      find_(connection, "SELECT position FROM event WHERE id = ?1"),
      oldest_(connection, "SELECT position FROM event ORDER BY position LIMIT 1"),
      newest_(connection, "SELECT position FROM event ORDER BY position DESC LIMIT 1"),
      made_at_(connection, "FROM event WHERE position >= ?1 ORDER BY position LIMIT 1"),
      heads_(connection,
             "SELECT last_event FROM resource WHERE kind = ?2 AND id = ?1 AND venue IN"
             " (SELECT number FROM venue UNION ALL SELECT -number FROM webhook)"),
      previous_(connection, "SELECT previous FROM event WHERE position = ?1"),
      newest_of_(connection,
                 "SELECT position FROM event INDEXED BY event_type WHERE type = ?1 AND position < ?2"
                 " ORDER BY position DESC LIMIT 1") {}

SharedEvent EventReads::At(Position position) {
  auto owed = OwedAt(position);
  return owed ? std::move(owed->event) : nullptr;
}

std::optional<EventReads::Owed> EventReads::OwedAt(Position position) {
  auto row = at_.With(position);
  if (!row.Step()) return std::nullopt;
  auto event = std::make_shared<Event>();
  event->id = row.Get<"id">();
  event->type = row.Get<"type">();
  event->origin = row.Get<"origin">();
  event->timestamp = row.Get<"timestamp">();
  event->venues_group_id = row.Get<"venues_group">();
  event->resource_id = row.Get<"resource_id">();
  event->payload = row.Get<"payload">();
  if (auto venue = row.Get<"venue_id">()) {
    event->venue_id = *std::move(venue);
  } else if (const auto payload = ParseJson(event->payload)) {
    // A test's sample may name a venue that does not exist.
    if (const Json* venue = payload->Find("venue_id"); venue != nullptr && venue->text() != nullptr) {
      event->venue_id.text = *venue->text();
    }
  }
  return Owed{.event = std::move(event), .resource = row.Get<"resource">(), .created_at = row.Get<"created_at">()};
}

std::optional<ListedEvent> EventReads::Find(EventId id) {
  const std::optional<Position> position = find_.First(id);
  if (!position) return std::nullopt;
  SharedEvent event = At(*position);
  if (!event || event->origin == EventOrigin::kTest) return std::nullopt;
  return ListedEvent{*position, std::move(event)};
}

std::optional<Position> EventReads::NewestOf(EventTypes types, Position before) {
  std::optional<Position> newest;
  for (const EventType type : kEventTypes) {
    if (!types.Has(type)) continue;
    newest = std::max(newest, newest_of_.First(type, before));
  }
  return newest;
}

Position EventReads::CeilingOf(Timestamp time) { return FirstMadeSince(time + kClockSlack); }

Position EventReads::FloorOf(Timestamp time) { return FirstMadeSince(time - kClockSlack); }

// The times rise with the positions, nearly, so a bisection finds where they pass `time`.
Position EventReads::FirstMadeSince(Timestamp time) {
  std::int64_t low = oldest_.First().value_or(Position()).value;
  std::int64_t high = newest_.First().value_or(Position()).value + 1;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    auto row = made_at_.With(middle);
    if (!row.Step() || row.Get<"created_at">() >= time) {
      high = middle;
    } else {
      low = row.Get<"position">().value + 1;
    }
  }
  return {low};
}

std::vector<Position> EventReads::OfResource(const ResourceId& id, std::optional<Position> before, std::size_t limit) {
  // The newest of each chain that has not been walked; at most one chain for each venue and kind.
  std::priority_queue<Position> heads;
  for (const ResourceKind kind : {ResourceKind::kAccount, ResourceKind::kContact}) {
    for (auto row = heads_.With(id, kind); row.Step();) heads.push(row.Value());
  }
  std::vector<Position> positions;
  while (!heads.empty() && positions.size() < limit) {
    const Position position = heads.top();
    heads.pop();
    auto row = previous_.With(position);
    if (!row.Step()) continue;  // purged: the chain ends
    if (const auto previous = row.Value()) heads.push(*previous);
    if (!before || position < *before) positions.push_back(position);
  }
  return positions;
}

}  // namespace shakehook::sqlite
