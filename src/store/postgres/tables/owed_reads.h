// Events, and the deliveries of them that are pending, as they are read to be shown or sent; and webhooks' health.
//
// Threads: the store's.
#pragma once

#include <optional>
#include <vector>

#include "store/delivery_ids.h"
#include "store/delivery_pages.h"
#include "store/event_query.h"
#include "store/postgres/engine/connection.h"

namespace shakehook::postgres {

// A test's event is no fact of any venue's: it is not found.
Async<std::optional<ListedEvent>> FindEvent(EventId id, Connection& connection);

// The arguments of Store::TakeOwed.
struct OwedQuery {
  WebhookNumber webhook;
  Position after;
  Ordering ordering = Ordering::kRelaxed;
  OwedPageLimit limit;
};
Async<OwedPage> TakeOwed(OwedQuery query, DeliveryIds ids, Connection& connection);

// In the order of the webhooks.
Async<std::vector<WebhookHealth>> ReadHealth(std::vector<WebhookNumber> webhooks, Connection& connection);

}  // namespace shakehook::postgres
