// Deliveries as they are read. One that was never tried is an event's position in the list of its webhook; once it was
// tried, it stands in pending_delivery while it is owed, and in ended_delivery once it has ended; one that was
// delivered and is sent again stands in both, and is the ended one. What a discard has canceled may still stand where
// it was owed.
//
// Threads: those of its connection.
#pragma once

#include <vector>

#include "store/attempt_columns.h"
#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/tables/discards.h"
#include "store/sqlite/tables/event_reads.h"
#include "store/sqlite/tables/owed_reads.h"
#include "store/sqlite/tables/possibly_pending.h"
#include "store/sqlite/tables/stored_delivery_ids.h"
#include "store/store.h"

namespace shakehook::sqlite {

class DeliveryReads {
 public:
  explicit DeliveryReads(Connection& connection);

  std::optional<DeliveryKey> FindKey(DeliveryId id);
  std::optional<Delivery> Read(DeliveryKey key);
  // Returns nullopt if there was none.
  std::optional<AttemptSummary> ReadLastAttempt(DeliveryKey key);
  std::optional<DeliveryDetail> ReadDetail(DeliveryId id);

  // store.h: TakeOwed, TakeDue, ListOwed.
  OwedPage ReadFresh(WebhookNumber webhook, Position after, Ordering ordering, OwedPageLimit limit);
  OwedPage ReadDue(WebhookNumber webhook, Timestamp now, WhichDue which, OwedPageLimit limit);
  std::vector<OwedWebhook> ListOwed();
  std::vector<OwedSinceWhen> ListOwedSince(WebhookNumber after, std::size_t limit);
  // Returns every webhook that has a pending delivery, tests and repetitions too.
  std::vector<WebhookNumber> WebhooksWithPending();
  // Returns those after `after`, by number, each with its oldest pending delivery.
  std::vector<OldestPending> ListOldestPending(WebhookNumber after, std::size_t limit);
  // Returns whether the event stands in the list of what the webhook is owed: it was never tried.
  bool IsUntried(DeliveryKey key) { return untried_.Has(key); }
  // Returns the newest of these below `before`, descending.
  std::vector<Position> UntriedBefore(WebhookNumber webhook, Position before, std::size_t limit) {
    return untried_.Before(webhook, before, limit);
  }
  // Returns whether anything that a discard has canceled still stands where it was owed.
  bool AnyDiscard() { return !discards_.All().empty(); }
  bool IsDiscarding(WebhookNumber webhook) { return discards_.Of(webhook).has_value(); }
  // A pending delivery that has a row, as its sender needs it.
  std::optional<OwedDelivery> ReadOwed(DeliveryKey key);

 private:
  SharedWebhook ReadVersion(WebhookNumber webhook, std::int64_t version);
  OwedDelivery ReadOwedRow(const Rows<struct OwedColumns>& row);
  OwedDelivery ReadUntried(DeliveryKey key);
  // Reads a delivery that is owed or canceled and has no row in ended_delivery; nullopt if there is none.
  std::optional<Delivery> ReadUnended(DeliveryKey key);
  // Returns whether a delivery of the event's resource to the webhook waits for its retry, or was sent by hand, and was
  // not discarded.
  bool FollowsARetry(DeliveryKey key, Position discarded);

  const StoredDeliveryIds ids_;
  EventReads events_;
  OwedReads untried_;
  DiscardReads discards_;
  SelectOne<Timestamp> made_at_;
  Select<struct KeyColumns> pending_by_id_, ended_by_id_;
  Select<struct PendingDeliveryColumns> pending_;
  Select<struct EndedDeliveryColumns> ended_;
  Select<AttemptColumns> attempts_, last_attempt_;
  Select<struct WebhookVersionColumns> version_;
  Select<struct EndedSummaryColumns> ended_summary_;
  Select<struct AttemptSummaryColumns> newest_attempt_;
  Select<struct UntriedDetailColumns> untried_detail_;
  Select<OwedColumns> untried_rows_;
  Statement follows_retry_;
  Select<OwedColumns> due_;
  SelectOne<Timestamp> next_due_, last_due_;
  Select<OwedColumns> due_by_hand_;
  SelectOne<Timestamp> next_due_by_hand_;
  Select<OwedColumns> owed_;
};

}  // namespace shakehook::sqlite
