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

EventReads::EventReads(Connection& connection)
    : at_(connection,
          "SELECT event.id, event.type, event.origin, event.timestamp, venue.id, event.venues_group, resource.id,"
          " event.payload, event.resource, event.created_at FROM event LEFT JOIN venue ON venue.number = event.venue"
          " JOIN resource ON resource.number = event.resource WHERE event.position = ?1"),
      find_(connection, "SELECT position FROM event WHERE id = ?1"),
      oldest_(connection, "SELECT position FROM event ORDER BY position LIMIT 1"),
      newest_(connection, "SELECT position FROM event ORDER BY position DESC LIMIT 1"),
      made_at_(connection, "SELECT position, created_at FROM event WHERE position >= ?1 ORDER BY position LIMIT 1"),
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
  event->id = {row.ReadUuid(0)};
  event->type = row.As<EventType>(1);
  event->origin = row.As<EventOrigin>(2);
  event->timestamp = row.Time(3);
  if (!row.IsNull(5)) event->venues_group_id = VenuesGroupId{std::string(row.Text(5))};
  event->resource_id.text = row.Text(6);
  event->payload = row.Text(7);
  if (!row.IsNull(4)) {
    event->venue_id.text = row.Text(4);
  } else if (const auto payload = ParseJson(event->payload)) {
    // A test's sample may name a venue that does not exist.
    if (const Json* venue = payload->Find("venue_id"); venue != nullptr && venue->text() != nullptr) {
      event->venue_id.text = *venue->text();
    }
  }
  return Owed{.event = std::move(event), .resource = {row.Integer(8)}, .created_at = row.Time(9)};
}

std::optional<ListedEvent> EventReads::Find(EventId id) {
  std::optional<Position> position;
  {
    auto row = find_.With(id);
    if (row.Step()) position = Position{row.Integer(0)};
  }
  if (!position) return std::nullopt;
  SharedEvent event = At(*position);
  if (!event || event->origin == EventOrigin::kTest) return std::nullopt;
  return ListedEvent{*position, std::move(event)};
}

Position EventReads::CeilingOf(Timestamp time) { return FirstMadeSince(time + kClockSlack); }
std::optional<Position> EventReads::NewestOf(EventTypes types, Position before) {
  std::optional<Position> newest;
  for (const EventType type : kEventTypes) {
    if (!types.Has(type)) continue;
    auto row = newest_of_.With(type, before);
    if (row.Step()) newest = std::max(newest, std::optional(Position{row.Integer(0)}));
  }
  return newest;
}

Position EventReads::FloorOf(Timestamp time) { return FirstMadeSince(time - kClockSlack); }

// The times rise with the positions, nearly, so a bisection finds where they pass `time`.
Position EventReads::FirstMadeSince(Timestamp time) {
  const auto end_of = [](Statement& statement) {
    auto row = statement.With();
    return row.Step() ? row.Integer(0) : 0;
  };
  std::int64_t low = end_of(oldest_);
  std::int64_t high = end_of(newest_) + 1;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    auto row = made_at_.With(middle);
    if (!row.Step() || row.Time(1) >= time) {
      high = middle;
    } else {
      low = row.Integer(0) + 1;
    }
  }
  return {low};
}

std::vector<Position> EventReads::OfResource(const ResourceId& id, std::optional<Position> before, std::size_t limit) {
  // The newest of each chain that has not been walked; at most one chain for each venue and kind.
  std::priority_queue<Position> heads;
  for (const ResourceKind kind : {ResourceKind::kAccount, ResourceKind::kContact}) {
    for (auto row = heads_.With(id, kind); row.Step();) heads.push({row.Integer(0)});
  }
  std::vector<Position> positions;
  while (!heads.empty() && positions.size() < limit) {
    const Position position = heads.top();
    heads.pop();
    auto row = previous_.With(position);
    if (!row.Step()) continue;  // purged: the chain ends
    if (const auto previous = row.OptionalInteger(0)) heads.push({*previous});
    if (!before || position < *before) positions.push_back(position);
  }
  return positions;
}

}  // namespace shakehook::sqlite
