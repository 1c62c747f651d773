#include "store/sqlite/event_reads.h"

#include <algorithm>
#include <limits>
#include <queue>

#include "base/check.h"
#include "base/json.h"

namespace shakehook::sqlite {
namespace {

// How many events one page looks at before it is given back with what it has found.
constexpr std::size_t kScanMax = 100'000;
constexpr std::size_t kChunk = 256;

}  // namespace

EventReads::EventReads(Connection& connection)
    : at_(connection,
          "SELECT event.id, event.type, event.origin, event.timestamp, venue.id, event.venues_group, resource.id,"
          " event.payload FROM event LEFT JOIN venue ON venue.number = event.venue"
          " JOIN resource ON resource.number = event.resource WHERE event.position = ?1"),
      find_(connection, "SELECT position FROM event WHERE id = ?1"),
      newest_(connection, "SELECT position FROM event WHERE position < ?1 ORDER BY position DESC LIMIT ?2"),
      newest_of_venue_(connection,
                       "SELECT position FROM event WHERE venue = ?1 AND position < ?2 ORDER BY position DESC LIMIT ?3"),
      venue_numbers_(connection, "SELECT number FROM venue WHERE id = ?1 AND deleted = 0"),
      heads_(connection,
             "SELECT last_event FROM resource WHERE kind = ?2 AND id = ?1 AND venue IN"
             " (SELECT number FROM venue UNION ALL SELECT -number FROM webhook)"),
      previous_(connection, "SELECT previous FROM event WHERE position = ?1") {}

SharedEvent EventReads::At(Position position) {
  auto row = at_.With(position);
  if (!row.Step()) return nullptr;
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
  return event;
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

std::vector<Position> EventReads::NextPositions(const EventQuery& query, Position before, std::size_t limit) {
  std::vector<Position> positions;
  if (query.resource_id) return OfResource(*query.resource_id, before, limit);
  if (query.venues.empty()) {
    for (auto row = newest_.With(before, limit); row.Step();) positions.push_back({row.Integer(0)});
    return positions;
  }
  for (const VenueId& venue : query.venues) {
    std::optional<std::int64_t> number;
    {
      auto row = venue_numbers_.With(venue);
      if (row.Step()) number = row.Integer(0);
    }
    if (!number) continue;
    for (auto row = newest_of_venue_.With(*number, before, limit); row.Step();) positions.push_back({row.Integer(0)});
  }
  std::ranges::sort(positions, std::greater());
  if (positions.size() > limit) positions.resize(limit);
  return positions;
}

std::vector<ListedEvent> EventReads::List(const EventQuery& query) {
  std::vector<ListedEvent> page;
  Position before = query.before.value_or(Position{std::numeric_limits<std::int64_t>::max()});
  for (std::size_t scanned = 0; scanned < kScanMax;) {
    const std::vector<Position> positions = NextPositions(query, before, kChunk);
    for (const Position position : positions) {
      ++scanned;
      before = position;
      SharedEvent event = At(position);
      if (!event || event->origin == EventOrigin::kTest) continue;
      if (query.type && event->type != *query.type) continue;
      if (query.since && event->timestamp < *query.since) continue;
      if (query.until && event->timestamp >= *query.until) continue;
      if (!query.venues.empty() && std::ranges::find(query.venues, event->venue_id) == query.venues.end()) continue;
      page.push_back({position, std::move(event)});
      if (page.size() == query.limit) return page;
    }
    if (positions.size() < kChunk) break;
  }
  return page;
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
