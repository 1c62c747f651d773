// Events as they are read: one by id or position, the events of a resource in order, and the position of a time in the
// order of events.
//
// Threads: those of its connection.
#pragma once

#include <vector>

#include "store/sqlite/engine/select.h"
#include "store/store.h"

namespace shakehook::sqlite {

class EventReads {
 public:
  explicit EventReads(Connection& connection);

  // Returns null if there is none. Tests' events are read too.
  SharedEvent At(Position position);
  // The same, with the resource, by which deliveries are ordered, and the time when the event was made.
  struct Owed {
    SharedEvent event;
    ResourceNumber resource;
    Timestamp created_at;
  };
  std::optional<Owed> OwedAt(Position position);
  // Returns a change's or an announced event, not a test's.
  std::optional<ListedEvent> Find(EventId id);

  // Returns the positions of a resource's events below `before`, newest first, in whichever venue and kind the id
  // exists.
  std::vector<Position> OfResource(const ResourceId& id, std::optional<Position> before, std::size_t limit);
  // Returns the newest event of these types below `before`.
  std::optional<Position> NewestOf(EventTypes types, Position before);

  // No event at CeilingOf(time) or above was made before `time`; no event below FloorOf(time) was made at `time` or
  // later. This holds unless the wall clock was set back by more than some seconds then.
  Position CeilingOf(Timestamp time);
  Position FloorOf(Timestamp time);

 private:
  Position FirstMadeSince(Timestamp time);

  Select<struct EventAtColumns> at_;
  SelectOne<Position> find_, oldest_, newest_;
  Select<struct MadeAtColumns> made_at_;
  SelectOne<Position> heads_;
  SelectOne<std::optional<Position>> previous_;
  SelectOne<Position> newest_of_;
};

}  // namespace shakehook::sqlite
