#include "store/postgres/tables/event_reads.h"

#include <string>

#include "store/postgres/tables/event_columns.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

// Transactions that run at the same time draw their positions in another order than they take their times, and the
// clocks of nodes differ a little; a clock may be set back by 10 s, too.
constexpr Milliseconds kClockSlack{20'000};

struct EventColumns : Columns<Column<"e.position", Position>, Column<"e.id", EventId>, Column<"e.type", EventType>,
                              Column<"e.origin", EventOrigin>, Column<"e.timestamp", Timestamp>,
                              Column<"v.id AS venue_id", std::optional<VenueId>>,
                              Column<"e.venues_group", std::optional<VenuesGroupId>>,
                              Column<"r.id AS resource_id", ResourceId>, Column<"e.payload", std::string>> {};
struct PositionColumns : Columns<Column<"position", Position>> {};
struct EndsColumns : Columns<Column<"coalesce(min(position), 0)::int8 AS oldest", std::int64_t>,
                             Column<"coalesce(max(position), 0)::int8 AS newest", std::int64_t>> {};
struct MadeAtColumns : Columns<Column<"position", Position>, Column<"created_at", Timestamp>> {};

std::vector<Position> PositionsOf(const Rows<PositionColumns>& rows) {
  std::vector<Position> positions;
  for (const auto row : rows) positions.push_back(row.Get<"position">());
  return positions;
}

// The times rise with the positions, nearly, so a bisection finds where they pass `time`.
Async<Position> FirstMadeSince(Timestamp time, Connection& connection) {
  const auto ends = co_await connection.Run(Select<EndsColumns>("FROM event WHERE tenant = $1").With(kTenant));
  std::int64_t low = ends[0].Get<"oldest">();
  std::int64_t high = ends[0].Get<"newest">() + 1;
  while (low < high) {
    const Position middle{low + (high - low) / 2};
    const auto rows = co_await connection.Run(
        Select<MadeAtColumns>("FROM event WHERE tenant = $1 AND position >= $2 ORDER BY position LIMIT 1")
            .With(kTenant, middle));
    if (rows.empty() || rows[0].Get<"created_at">() >= time) {
      high = middle.value;
    } else {
      low = rows[0].Get<"position">().value + 1;
    }
  }
  co_return Position{low};
}

}  // namespace

Async<std::optional<ListedEvent>> FindEvent(EventId id, Connection& connection) {
  const auto rows = co_await connection.Run(
      Select<EventColumns>("FROM event e" + std::string(kEventParts) + " WHERE e.tenant = $1 AND e.id = $2")
          .With(kTenant, id));
  if (rows.empty() || rows[0].Get<"origin">() == EventOrigin::kTest) co_return std::nullopt;
  co_return ListedEvent{rows[0].Get<"position">(), EventOf(rows[0])};
}

Async<SharedEvent> EventAt(Position position, Connection& connection) {
  const auto rows = co_await connection.Run(
      Select<EventColumns>("FROM event e" + std::string(kEventParts) + " WHERE e.tenant = $1 AND e.position = $2")
          .With(kTenant, position));
  co_return rows.empty() ? nullptr : EventOf(rows[0]);
}

Async<std::vector<ListedEvent>> EventsAt(std::vector<Position> positions, Connection& connection) {
  std::vector<ListedEvent> events;
  if (positions.empty()) co_return events;
  const auto rows = co_await connection.Run(
      Select<EventColumns>("FROM unnest($2::int8[]) WITH ORDINALITY AS w (position, place) CROSS JOIN LATERAL"
                           " (SELECT tenant, position, id, type, origin, timestamp, venue, venues_group, resource, "
                           "payload FROM event WHERE tenant = $1 AND position = w.position LIMIT 1) e" +
                           std::string(kEventParts) + " ORDER BY w.place")
          .With(kTenant, positions));
  for (const auto row : rows) events.push_back({row.Get<"position">(), EventOf(row)});
  co_return events;
}

// The samples of a webhook's tests are resources of a venue of their own: its number, below zero.
Async<std::vector<Position>> EventsOfResource(ResourceId id, EventRange range, Connection& connection) {
  const auto rows = co_await connection.Run(
      Select<PositionColumns>(
          "FROM (SELECT number FROM venue WHERE tenant = $1 UNION ALL SELECT -number FROM webhook WHERE tenant = $1) v"
          " CROSS JOIN LATERAL (SELECT number FROM resource WHERE tenant = $1 AND venue = v.number AND kind IN (0, 1)"
          " AND id = $2 OFFSET 0) r CROSS JOIN LATERAL (SELECT position FROM event WHERE tenant = $1 AND resource = "
          "r.number"
          " AND position < $3 AND position >= $4 AND origin IS NOT NULL ORDER BY position DESC LIMIT $5) e"
          " ORDER BY position DESC LIMIT $5")
          .With(kTenant, id, range.before, range.oldest, range.limit));
  co_return PositionsOf(rows);
}

Async<std::vector<Position>> EventsOfVenue(std::int64_t venue, EventRange range, Connection& connection) {
  const auto rows = co_await connection.Run(
      Select<PositionColumns>("FROM event WHERE tenant = $1 AND venue = $2 AND position < $3 AND position >= $4"
                              " ORDER BY position DESC LIMIT $5")
          .With(kTenant, venue, range.before, range.oldest, range.limit));
  co_return PositionsOf(rows);
}

Async<std::optional<Position>> NewestEventOf(EventTypes types, Position before, Connection& connection) {
  std::vector<EventType> list;
  for (const EventType type : kEventTypes) {
    if (types.Has(type)) list.push_back(type);
  }
  const auto rows = co_await connection.Run(
      Select<PositionColumns>("FROM unnest($2::int8[]) AS t (type) CROSS JOIN LATERAL (SELECT position FROM event"
                              " WHERE tenant = $1 AND type = t.type AND position < $3 ORDER BY position DESC LIMIT 1) e"
                              " ORDER BY position DESC LIMIT 1")
          .With(kTenant, list, before));
  if (rows.empty()) co_return std::nullopt;
  co_return rows[0].Get<"position">();
}

Async<Position> CeilingOf(Timestamp time, Connection& connection) {
  return FirstMadeSince(time + kClockSlack, connection);
}

Async<Position> FloorOf(Timestamp time, Connection& connection) {
  return FirstMadeSince(time - kClockSlack, connection);
}

}  // namespace shakehook::postgres
