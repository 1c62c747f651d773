// Lists the accounts and contacts of many venues in one order. Each venue's are read along the index of the sort
// column, and merged by the server; so a page costs the same wherever it is in the list, but more the more venues there
// are: up to a page of each is read. What a search finds is looked for along the same order.
//
// Threads: the store's.
#pragma once

#include <cstdint>
#include <vector>

#include "store/postgres/engine/connection.h"
#include "store/resource_change.h"

namespace shakehook::postgres {

// A list under way, over several reads.
struct SortedListing {
  SortedResourceQuery query;         // its `after` moves on past the rows that were looked at
  std::vector<std::int64_t> venues;  // their numbers, of those that exist
  std::vector<VenueId> venue_ids;    // in the same order
  std::vector<SortedResource> page = {};
  std::size_t rows_at_once = 0;  // the last read's
  bool complete = false;
};

// Adds to the page what a bounded number of further rows brings.
Async<SortedListing> ContinueList(SortedListing listing, Connection& connection);

}  // namespace shakehook::postgres
