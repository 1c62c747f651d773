// Deliveries as they change: results of attempts, redelivery.
//
// Threads: the writer's.
#pragma once

#include "store/result_plan.h"
#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/engine/write_session.h"
#include "store/sqlite/tables/cancelations.h"
#include "store/sqlite/tables/delivery_reads.h"
#include "store/sqlite/tables/health_rows.h"
#include "store/sqlite/tables/incident_rows.h"
#include "store/sqlite/tables/owed_rows.h"
#include "store/sqlite/tables/possibly_pending.h"
#include "store/sqlite/tables/server_changes.h"
#include "store/sqlite/tables/statistics_rows.h"
#include "store/sqlite/tables/stored_delivery_ids.h"
#include "store/store.h"

namespace shakehook::sqlite {

// Redeliver() is refused with this while the webhook's canceled deliveries have not all got their rows yet: to be asked
// again after some steps of Cancelations.
Refusal StillCanceling();
bool IsStillCanceling(const Refusal& refusal);

class DeliveryRows {
 public:
  struct Rows {
    HealthRows& health;
    StatisticsRows& statistics;
    PossiblyPending& possibly_pending;
    OwedRows& owed;
    Cancelations& cancelations;
    ServerChanges& server_changes;
    IncidentRows& incidents;
  };

  DeliveryRows(Connection& connection, const Rows& rows);

  void Record(const AttemptResult& result, WriteSession& session);
  // kMissing: no such delivery.
  Stored<DeliveryDetail> ReadDetail(DeliveryId id);
  Stored<Delivery> Redeliver(DeliveryId id, Timestamp now, WriteSession& session);
  // Makes a delivery that has ended with one of the statuses due again, for a replay; returns whether it did. Listeners
  // are not told.
  bool Replay(DeliveryKey key, DeliveryStatuses statuses, Timestamp now);

 private:
  // The columns of a delivery that has ended.
  struct Ended {
    DeliveryId id;
    DeliveryStatus status = DeliveryStatus::kFailed;
    int attempt_count = 0;
    Timestamp created_at;
    ResourceNumber resource;
    EventOrigin origin = EventOrigin::kChange;
  };

  DeliveryPlace FindPlace(DeliveryKey key);
  // These carry out a ResultPlan.
  void PutOff(const AttemptResult& result, DeliveryPlace place);
  void End(const AttemptResult& result, DeliveryPlace place, DeliveryStatus status);
  void AddLate(const AttemptResult& result, DeliveryPlace place, std::optional<DeliveryStatus> becomes);
  void CountHealth(const AttemptResult& result, ResultPlan::Step step, WriteSession& session);
  void CountStatistics(const AttemptResult& result, std::optional<DeliveryStatus> became);
  std::optional<Ended> FindEnded(DeliveryKey key);
  // Puts it among the pending ones, due now.
  void OweAgain(DeliveryKey key, const Ended& ended, AttemptTrigger trigger, Timestamp now);

  Connection& connection_;
  ServerChanges& server_changes_;
  IncidentRows& incidents_;
  HealthRows& health_;
  StatisticsRows& statistics_;
  PossiblyPending& possibly_pending_;
  OwedRows& owed_;
  Cancelations& cancelations_;
  const StoredDeliveryIds ids_;
  DeliveryReads reads_;
  SelectOne<OwedDelivery::Purpose> pending_purpose_;
  SelectOne<DeliveryStatus> ended_as_;
  Statement put_off_, insert_put_off_, drop_pending_, insert_ended_, insert_attempt_, count_late_, deliver_late_;
  Statement make_due_;
  Select<struct EndedStatusColumns> ended_status_;
  // For a delivery that is to be pending again: the last attempt, which is in the row that ended it, gets its own row.
  Statement keep_last_attempt_, drop_ended_, insert_again_, insert_by_hand_;
};

}  // namespace shakehook::sqlite
