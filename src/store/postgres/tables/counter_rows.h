// Pending deliveries are counted by writers, each in rows of its own; the sum is the webhook's.
//
// Threads: the store's.
#pragma once

#include <cstdint>
#include <map>

#include "model/ids.h"
#include "store/postgres/engine/transaction.h"

namespace shakehook::postgres {

using PendingChanges = std::map<WebhookNumber, std::int64_t>;

// Adds the changes to the counters of a writer.
void CountPending(const PendingChanges& changes, int writer, Transaction& transaction);

}  // namespace shakehook::postgres
