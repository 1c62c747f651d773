// Deliveries as they are read. A delivery stands in pending_delivery while it is owed and in ended_delivery once it has
// ended; one that was delivered and is sent again stands in both, and is the ended one.
//
// Threads: those of its connection.
#pragma once

#include <vector>

#include "store/sqlite/debts.h"
#include "store/sqlite/delivery_ids.h"
#include "store/sqlite/event_reads.h"
#include "store/sqlite/sqlite.h"
#include "store/store.h"

namespace shakehook::sqlite {

class DeliveryReads {
 public:
  explicit DeliveryReads(Connection& connection);

  std::optional<DeliveryKey> FindKey(DeliveryId id);
  std::optional<Delivery> Read(DeliveryKey key);
  // Nothing where there was none.
  std::optional<AttemptSummary> ReadLastAttempt(DeliveryKey key);
  std::optional<DeliveryDetail> ReadDetail(DeliveryId id);

  // store.h: TakeOwed, TakeDue, ListOwed.
  OwedPage ReadFresh(WebhookNumber webhook, Position after, Ordering ordering, OwedPageLimit limit);
  OwedPage ReadDue(WebhookNumber webhook, Timestamp now, WhichDue which, OwedPageLimit limit);
  std::vector<OwedWebhook> ListOwed();
  // Every webhook that is owed something, tests and repetitions too.
  std::vector<WebhookNumber> WebhooksWithPending();
  // The same with the oldest of it, of those behind `after`, by number.
  std::vector<Debt> ListDebts(WebhookNumber after, std::size_t limit);
  // A pending delivery as its sender needs it.
  std::optional<OwedDelivery> ReadOwed(DeliveryKey key);

 private:
  SharedWebhook ReadVersion(WebhookNumber webhook, std::int64_t version);
  OwedDelivery ReadOwedRow(const Execution& row);

  const DeliveryIds ids_;
  EventReads events_;
  Statement pending_by_id_, ended_by_id_, pending_, ended_, attempts_, last_attempt_, version_, ended_summary_,
      newest_attempt_;
  Statement fresh_, fresh_strict_, due_, next_due_, last_due_, due_by_hand_, next_due_by_hand_, owed_, next_debt_;
};

}  // namespace shakehook::sqlite
