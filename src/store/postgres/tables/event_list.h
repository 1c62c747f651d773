// Lists of events, newest first. A filter may let few through, so that a page is collected in steps, each of which
// looks at a bounded number of rows; other reads get their turn between them.
//
// Threads: the store's.
#pragma once

#include <cstdint>
#include <vector>

#include "store/event_query.h"
#include "store/postgres/engine/connection.h"

namespace shakehook::postgres {

struct EventListing {
  EventQuery query;                  // its `before` moves on past what was looked at
  std::vector<std::int64_t> venues;  // the numbers of those of query.venues that exist
  std::vector<ListedEvent> page = {};
  bool complete = false;  // the page is full, or there is nothing more
};

// Returns the listing after one more step.
Async<EventListing> ContinueList(EventListing listing, Connection& connection);

}  // namespace shakehook::postgres
