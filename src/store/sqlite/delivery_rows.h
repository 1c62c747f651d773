// Deliveries as they change: results of attempts, redelivery, cancelation.
//
// Threads: the writer's.
#pragma once

#include "store/sqlite/config_rows.h"
#include "store/sqlite/debts.h"
#include "store/sqlite/delivery_ids.h"
#include "store/sqlite/delivery_reads.h"
#include "store/sqlite/health_rows.h"
#include "store/sqlite/sqlite.h"
#include "store/sqlite/statistics_rows.h"
#include "store/sqlite/write_session.h"
#include "store/store.h"

namespace shakehook::sqlite {

class DeliveryRows {
 public:
  DeliveryRows(Connection& connection, ConfigRows& config, HealthRows& health, StatisticsRows& statistics,
               Debts& debts);

  void Record(const AttemptResult& result, WriteSession& session);
  Stored<Delivery> Redeliver(DeliveryId id, Timestamp now, WriteSession& session);
  // Makes one that has ended with one of the statuses due again, for a replay; answers whether it did. Listeners are
  // not told.
  bool Replay(DeliveryKey key, DeliveryStatuses statuses, Timestamp now);
  // Cancels what the webhook is owed; answers how many.
  std::int64_t Cancel(WebhookNumber webhook, Timestamp now, WriteSession& session);

 private:
  // What is known of a delivery that has ended.
  struct Ended {
    DeliveryId id;
    DeliveryStatus status = DeliveryStatus::kFailed;
    int attempt_count = 0;
    Timestamp created_at;
    ResourceNumber resource;
    EventOrigin origin = EventOrigin::kChange;
  };

  // Whether it was owed, and not only to be sent again.
  bool TakePending(DeliveryKey key);
  std::optional<Ended> FindEnded(DeliveryKey key);
  // Puts it among the pending ones, due now.
  void OweAgain(DeliveryKey key, const Ended& ended, AttemptTrigger trigger, Timestamp now);
  // Whether that made it delivered.
  bool RecordLate(const AttemptResult& result);
  void End(const AttemptResult& result, DeliveryStatus status);
  void CountHealth(const AttemptResult& result, bool ended);
  void CountStatistics(const AttemptResult& result, std::optional<DeliveryStatus> ended_as);
  void DisableGone(WebhookNumber webhook, Timestamp now, WriteSession& session);

  Connection& connection_;
  ConfigRows& config_;
  HealthRows& health_;
  StatisticsRows& statistics_;
  Debts& debts_;
  const DeliveryIds ids_;
  DeliveryReads reads_;
  Statement retry_, take_, take_again_, insert_ended_, insert_attempt_, late_attempt_exists_, count_late_,
      deliver_late_;
  Statement make_due_, pending_exists_, ended_status_, fold_out_, unend_, insert_again_;
  Statement cancel_, delete_pending_of_;
};

}  // namespace shakehook::sqlite
