// Lists of events, newest first; tests' samples are no events of a list.
//
// Threads: those of its connection.
#pragma once

#include <vector>

#include "store/sqlite/engine/newest_first_merge.h"
#include "store/sqlite/engine/select.h"
#include "store/sqlite/tables/event_reads.h"
#include "store/sqlite/tables/listing.h"
#include "store/store.h"

namespace shakehook::sqlite {

using EventListing = Listing<EventQuery, ListedEvent>;

class EventList {
 public:
  EventList(Connection& connection, EventReads& events);

  // Adds to the page the results of a bounded number of further rows. kComplete: it is full, or there are no more rows.
  Progress Continue(EventListing& listing);

 private:
  // The columns of an event that are read without its payload.
  struct Row {
    Position key;
    EventType type = EventType::kAccountCreated;
    EventOrigin origin = EventOrigin::kChange;
    Timestamp timestamp;
  };
  using Merged = NewestFirstMerge<Row>;

  static std::vector<Row> ReadRows(Rows<struct ListedEventColumns> found);
  void AddSources(const EventQuery& query, Merged& merged);
  Progress ContinueOfResource(EventListing& listing);
  // Adds the event to the page if it fits the query.
  void Consider(const Row& row, EventListing& listing);

  EventReads& events_;
  Select<ListedEventColumns> all_, of_venue_, astray_, one_;
  SelectOne<std::int64_t> venue_number_;
};

}  // namespace shakehook::sqlite
