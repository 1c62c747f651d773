// The deliveries that a person sends by hand: one that exists once more, and a test.
//
// Threads: the store's.
#pragma once

#include "base/clock.h"
#include "store/delivery_ids.h"
#include "store/delivery_pages.h"
#include "store/postgres/engine/transaction.h"
#include "store/postgres/tables/config_rows.h"
#include "store/postgres/tables/counter_rows.h"
#include "store/postgres/tables/delivery_rows.h"
#include "store/postgres/tables/directory.h"
#include "store/refusal.h"

namespace shakehook::postgres {

struct ByHandParts {
  ConfigRows& config;
  const Directory& directory;
  Clock& clock;
  int writer = 0;  // the number that the transaction's counters have
};

Refusal NoSuchDelivery();
// Redeliver() is refused with this while the webhook's canceled deliveries have not all got their rows yet: to be asked
// again after some steps of the discard.
Refusal StillCanceling();
bool IsStillCanceling(const Refusal& refusal);

// kMissing: no such delivery, or purged.
Async<Stored<Delivery>> Redeliver(DeliveryKey key, Timestamp now, ByHandParts parts, Transaction& transaction);

// The arguments of Store::OweTest.
struct TestToOwe {
  WebhookNumber webhook;
  DeliveryId id;
  SharedEvent event;
};
Async<Stored<DeliveryDetail>> OweTest(TestToOwe test, ByHandParts parts, Transaction& transaction);

// Puts a delivery that has ended among the pending ones, due now, and counts it.
// Precondition: the row has ended, and is not pending.
void OweAgain(const DeliveryKey& key, AttemptTrigger trigger, Timestamp now, DeliveryRow& row, PendingChanges& counted);

}  // namespace shakehook::postgres
