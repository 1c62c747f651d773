// Deliveries as they are shown. One that a discard has canceled may still stand among the pending ones; one that was
// delivered and is sent again stands in both tables, and is the ended one.
//
// Threads: the store's.
#pragma once

#include <optional>
#include <vector>

#include "store/delivery_ids.h"
#include "store/delivery_pages.h"
#include "store/postgres/engine/connection.h"

namespace shakehook::postgres {

// In the order of the keys; nullopt for a delivery that does not exist.
Async<std::vector<std::optional<Delivery>>> ReadDeliveries(std::vector<DeliveryKey> keys, DeliveryIds ids,
                                                           Connection& connection);
Async<std::optional<DeliveryKey>> FindDeliveryKey(DeliveryId id, DeliveryIds ids, Connection& connection);
Async<std::optional<DeliveryDetail>> ReadDetail(DeliveryId id, DeliveryIds ids, Connection& connection);

}  // namespace shakehook::postgres
