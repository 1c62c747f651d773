// Replays as they change: they begin, go on, end or are canceled. A step makes some deliveries due and stores its
// progress in the same transaction; so a replay continues after a restart where it was.
//
// Threads: the writer's.
#pragma once

#include "base/clock.h"
#include "base/random.h"
#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/engine/write_session.h"
#include "store/sqlite/tables/delivery_rows.h"
#include "store/sqlite/tables/health_rows.h"
#include "store/sqlite/tables/possibly_pending.h"
#include "store/sqlite/tables/replay_reads.h"
#include "store/store.h"

namespace shakehook::sqlite {

class ReplayRows {
 public:
  struct Rows {
    DeliveryRows& deliveries;
    HealthRows& health;
    PossiblyPending& possibly_pending;
    OwedRows& owed;
    Cancelations& cancelations;
  };

  ReplayRows(Connection& connection, const Rows& rows, Random& random);

  // The verbs of store.h.
  Stored<Done> Start(const Replay& replay, WriteSession& session);
  Stored<Replay> Cancel(ReplayId id, Timestamp now);
  // Makes the step that was found, or nothing of it if the replay has changed since.
  ReplayStep Continue(const ReplayWork& work, Timestamp now, WriteSession& session);

  // Cancels the replays of a webhook that was deleted.
  void CancelOf(WebhookNumber webhook, Timestamp now);
  // Drops up to `limit` replays that ended before; returns how many.
  std::int64_t Purge(Timestamp before, std::size_t limit);

 private:
  bool MakeMissing(const Webhook& webhook, Position position, Timestamp now);

  Connection& connection_;
  DeliveryRows& deliveries_;
  HealthRows& health_;
  PossiblyPending& possibly_pending_;
  OwedRows& owed_;
  Cancelations& cancelations_;
  Random& random_;
  EventReads events_;
  ReplayReads reads_;
  Select<struct RunningReplaysColumns> running_;
  Statement insert_, end_, end_of_, move_, insert_missing_, purge_;
};

}  // namespace shakehook::sqlite
