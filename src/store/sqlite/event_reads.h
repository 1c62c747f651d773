// Events as they are read: one by id or position, a page of them, and the chain of a resource's events.
//
// Threads: those of its connection.
#pragma once

#include <vector>

#include "store/sqlite/sqlite.h"
#include "store/store.h"

namespace shakehook::sqlite {

class EventReads {
 public:
  explicit EventReads(Connection& connection);

  // Null where there is none. Tests' events are read too.
  SharedEvent At(Position position);
  // A change's or an announced event, not a test's.
  std::optional<ListedEvent> Find(EventId id);
  std::vector<ListedEvent> List(const EventQuery& query);

  // The positions of a resource's events below `before`, newest first, in whichever venue and kind the id stands.
  std::vector<Position> OfResource(const ResourceId& id, std::optional<Position> before, std::size_t limit);

 private:
  std::vector<Position> NextPositions(const EventQuery& query, Position before, std::size_t limit);

  Statement at_, find_, newest_, newest_of_venue_, venue_numbers_, heads_, previous_;
};

}  // namespace shakehook::sqlite
