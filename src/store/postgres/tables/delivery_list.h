// Lists of deliveries, newest first: pending and ended ones merged. A filter may let few through, so that a page is
// collected in steps, each of which looks at a bounded number of rows; other reads get their turn between them.
//
// Threads: the store's.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "store/delivery_ids.h"
#include "store/delivery_pages.h"
#include "store/postgres/engine/connection.h"

namespace shakehook::postgres {

struct DeliveryListing {
  DeliveryQuery query;                // its `before` moves on past what was looked at
  std::optional<std::int64_t> venue;  // the number of query.venue
  std::vector<Delivery> page = {};
  bool complete = false;  // the page is full, or there is nothing more
};

// Returns the listing after one more step.
Async<DeliveryListing> ContinueList(DeliveryListing listing, DeliveryIds ids, Connection& connection);

}  // namespace shakehook::postgres
