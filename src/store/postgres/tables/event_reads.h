// Events as they are read: one by its id or position, those of a resource or a venue in order, and the position of a
// time in the order of events.
//
// Threads: the store's.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/event.h"
#include "model/webhook.h"
#include "store/event_query.h"
#include "store/postgres/engine/connection.h"

namespace shakehook::postgres {

// A test's event is no fact of any venue's: it is not found.
Async<std::optional<ListedEvent>> FindEvent(EventId id, Connection& connection);
// Returns null if there is none. Tests' events are read too.
Async<SharedEvent> EventAt(Position position, Connection& connection);

// Returns those that exist, in the order of the positions.
Async<std::vector<ListedEvent>> EventsAt(std::vector<Position> positions, Connection& connection);

// A part of the order of events: positions below `before` and not below `oldest`.
struct EventRange {
  Position before;
  Position oldest;
  std::size_t limit = 0;
};
// Returns the positions of a resource's events, newest first, in whichever venue and kind the id exists.
Async<std::vector<Position>> EventsOfResource(ResourceId id, EventRange range, Connection& connection);
Async<std::vector<Position>> EventsOfVenue(std::int64_t venue, EventRange range, Connection& connection);
// Returns the newest event of these types below `before`.
Async<std::optional<Position>> NewestEventOf(EventTypes types, Position before, Connection& connection);

// No event at CeilingOf(time) or above was made before `time`; no event below FloorOf(time) was made at `time` or
// later. This holds unless a clock was set back by more than some seconds then.
Async<Position> CeilingOf(Timestamp time, Connection& connection);
Async<Position> FloorOf(Timestamp time, Connection& connection);

}  // namespace shakehook::postgres
