// Pending deliveries as they are read to be sent: pages of a webhook's, and the webhooks that have any.
//
// Threads: the store's.
#pragma once

#include <optional>
#include <vector>

#include "store/delivery_ids.h"
#include "store/delivery_pages.h"
#include "store/postgres/engine/connection.h"

namespace shakehook::postgres {

// The arguments of Store::TakeOwed.
struct OwedQuery {
  WebhookNumber webhook;
  Position after;
  Ordering ordering = Ordering::kRelaxed;
  OwedPageLimit limit;
};
Async<OwedPage> TakeOwed(OwedQuery query, DeliveryIds ids, Connection& connection);

// The arguments of Store::TakeDue.
struct DueQuery {
  WebhookNumber webhook;
  Timestamp now;
  WhichDue which = WhichDue::kAll;
  OwedPageLimit limit;
};
Async<OwedPage> TakeDue(DueQuery query, DeliveryIds ids, Connection& connection);

// One pending delivery, as its sender needs it.
Async<std::optional<OwedDelivery>> ReadOwed(DeliveryKey key, DeliveryIds ids, Connection& connection);

Async<std::vector<OwedWebhook>> ListOwed(Connection& connection);
Async<std::vector<OwedSinceWhen>> ListOwedSince(WebhookNumber after, std::size_t limit, Connection& connection);
Async<OwedSummary> SummarizeOwed(WebhookNumber webhook, Connection& connection);

}  // namespace shakehook::postgres
