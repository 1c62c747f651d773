#include "store/sqlite/tables/event_list.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace shakehook::sqlite {
namespace {

// The number of one resource's events that a read looks at.
constexpr std::size_t kEventsAtOnce = 512;
constexpr Position kNewest{std::numeric_limits<std::int64_t>::max()};

}  // namespace

struct ListedEventColumns : Columns<Column<"position", Position>, Column<"type", EventType>,
                                    Column<"origin", EventOrigin>, Column<"timestamp", Timestamp>> {};

EventList::EventList(Connection& connection, EventReads& events)
    : events_(events),
      all_(connection,
           "FROM event WHERE position < ?1 AND position >= ?2"
           " ORDER BY position DESC LIMIT ?3"),
      of_venue_(connection,
                "FROM event INDEXED BY event_venue"
                " WHERE venue = ?4 AND position < ?1 AND position >= ?2 ORDER BY position DESC LIMIT ?3"),
      // The condition is the index's.
      astray_(connection,
              "FROM event INDEXED BY event_astray"
              " WHERE position < ?1 AND abs(timestamp - created_at) > 10000 ORDER BY position DESC LIMIT ?2"),
      one_(connection, "FROM event WHERE position = ?1"),
      venue_number_(connection, "SELECT number FROM venue WHERE id = ?1 AND deleted = 0") {}

Progress EventList::Continue(EventListing& listing) {
  EventQuery& query = listing.query;
  if (listing.full()) return Progress::kComplete;
  if (!query.before) query.before = kNewest;
  if (query.resource_id) return ContinueOfResource(listing);
  if (query.type) {
    EventTypes types;
    types.Add(*query.type);
    const auto newest = events_.NewestOf(types, *query.before);
    if (!newest) return Progress::kComplete;
    query.before = std::min(*query.before, Position{newest->value + 1});
  }
  Merged merged(*query.before);
  AddSources(query, merged);
  std::size_t of_other_types = 0;
  for (std::size_t looked_at = 0; looked_at < kScanRowsMax; ++looked_at) {
    const auto row = merged.Next();
    if (!row) return Progress::kComplete;
    query.before = row->key;
    if (query.type && row->type != *query.type && ++of_other_types == kOtherTypesMax) return Progress::kGoesOn;
    Consider(*row, listing);
    if (listing.full()) return Progress::kComplete;
  }
  return Progress::kGoesOn;
}

// If the query has a time, only the positions of that time are looked at, and separately the few events whose own time
// differs from the time of their making.
void EventList::AddSources(const EventQuery& query, Merged& merged) {
  const Position floor = query.since ? events_.FloorOf(*query.since) : Position{};
  const Position ceiling = query.until ? events_.CeilingOf(*query.until) : kNewest;
  if (query.since || query.until) {
    merged.Add([this](const Position& before, std::size_t limit) { return ReadRows(astray_.With(before, limit)); });
  }
  if (query.venues.empty()) {
    merged.Add([this, floor, ceiling](const Position& before, std::size_t limit) {
      return ReadRows(all_.With(std::min(before, ceiling), floor, limit));
    });
  }
  for (const VenueId& venue : query.venues) {
    const auto number = venue_number_.First(venue);
    if (!number) continue;
    merged.Add([this, floor, ceiling, number = *number](const Position& before, std::size_t limit) {
      return ReadRows(of_venue_.With(std::min(before, ceiling), floor, limit, number));
    });
  }
}

std::vector<EventList::Row> EventList::ReadRows(Rows<ListedEventColumns> found) {
  std::vector<Row> rows;
  while (found.Step()) {
    rows.push_back({.key = found.Get<"position">(),
                    .type = found.Get<"type">(),
                    .origin = found.Get<"origin">(),
                    .timestamp = found.Get<"timestamp">()});
  }
  return rows;
}

Progress EventList::ContinueOfResource(EventListing& listing) {
  EventQuery& query = listing.query;
  const auto positions = events_.OfResource(*query.resource_id, *query.before, kEventsAtOnce);
  for (const Position position : positions) {
    query.before = position;
    for (const Row& row : ReadRows(one_.With(position))) Consider(row, listing);
    if (listing.full()) return Progress::kComplete;
  }
  return positions.size() < kEventsAtOnce ? Progress::kComplete : Progress::kGoesOn;
}

void EventList::Consider(const Row& row, EventListing& listing) {
  const EventQuery& query = listing.query;
  if (row.origin == EventOrigin::kTest) return;
  if (query.type && row.type != *query.type) return;
  if (query.since && row.timestamp < *query.since) return;
  if (query.until && row.timestamp >= *query.until) return;
  SharedEvent event = events_.At(row.key);
  if (!event) return;
  const bool asked = query.venues.empty() || std::ranges::find(query.venues, event->venue_id) != query.venues.end();
  if (asked) listing.page.push_back({row.key, std::move(event)});
}

}  // namespace shakehook::sqlite
