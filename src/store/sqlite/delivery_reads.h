// Deliveries as they are read. A delivery stands in pending_delivery while it is owed and in ended_delivery once it has
// ended; one that was delivered and is sent again stands in both, and is the ended one.
//
// Threads: those of its connection.
#pragma once

#include <vector>

#include "store/sqlite/event_reads.h"
#include "store/sqlite/sqlite.h"
#include "store/store.h"

namespace shakehook::sqlite {

class DeliveryReads {
 public:
  explicit DeliveryReads(Connection& connection);

  std::optional<DeliveryKey> FindKey(DeliveryId id);
  std::optional<Delivery> Read(DeliveryKey key);
  std::optional<DeliveryDetail> ReadDetail(DeliveryId id);
  std::vector<Delivery> List(const DeliveryQuery& query);

  // store.h: TakeOwed, TakeDue, ListOwed.
  OwedPage ReadFresh(WebhookNumber webhook, Position after, Ordering ordering, std::size_t limit);
  OwedPage ReadDue(WebhookNumber webhook, Timestamp now, std::size_t limit);
  std::vector<OwedWebhook> ListOwed();
  // A pending delivery as its sender needs it.
  std::optional<OwedDelivery> ReadOwed(DeliveryKey key);

 private:
  std::vector<WebhookNumber> WebhooksWithPending();
  // Keys that may fit the query, in order, `limit` of them after `before`.
  std::vector<DeliveryKey> NextKeys(const DeliveryQuery& query, DeliveryKey before, std::size_t limit);
  std::vector<DeliveryKey> KeysOfResource(const DeliveryQuery& query, DeliveryKey before, std::size_t limit);
  SharedWebhook ReadVersion(WebhookNumber webhook, std::int64_t version);
  OwedDelivery ReadOwedRow(const Execution& row);

  EventReads events_;
  Statement pending_by_id_, ended_by_id_, pending_, ended_, attempts_, last_attempt_, version_;
  Statement fresh_, fresh_strict_, due_, next_due_, owed_, next_pending_webhook_;
  Statement pending_keys_, ended_keys_, ended_keys_of_webhook_, undelivered_keys_, ended_of_event_;
};

}  // namespace shakehook::sqlite
