// The purge of data that is older than the retention, in small steps that never stall a commit: an event is dropped
// with its deliveries and attempts once it is old and all of them ended before. Pending deliveries of an enabled
// webhook stay, and so do those that a person has just sent by hand; other pending deliveries of a disabled webhook
// become canceled, and stay in the log for another retention.
//
// A time that is further ahead than the retention is long was written by a clock that was wrong, and is not believed:
// such an event is as old as the one after it, and such an end does not count as an end.
//
// Threads: the writer's.
#pragma once

#include <vector>

#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/engine/write_session.h"
#include "store/sqlite/tables/cancelations.h"
#include "store/sqlite/tables/health_rows.h"
#include "store/sqlite/tables/import_rows.h"
#include "store/sqlite/tables/owed_rows.h"
#include "store/sqlite/tables/possibly_pending.h"
#include "store/sqlite/tables/purge_page.h"
#include "store/sqlite/tables/replay_rows.h"
#include "store/sqlite/tables/statistics_rows.h"

namespace shakehook::sqlite {

class Purge {
 public:
  struct Rows {
    HealthRows& health;
    StatisticsRows& statistics;
    PossiblyPending& possibly_pending;
    OwedRows& owed;
    Cancelations& cancelations;
    ReplayRows& replays;
    ImportRows& imports;
  };

  Purge(Connection& connection, const Rows& rows);

  using Limits = PurgeLimits;
  struct Result {
    std::int64_t rows = 0;  // dropped; at least 1 while there is more to look at
    bool asks_for_oldest_pending = false;
  };
  // Discards that were left unfinished come first. Goes on once the oldest are known that it asks for.
  Result Step(const Limits& limits, const WriteSession& session);

 private:
  // Returns whether there is more.
  bool PurgeEvents(const Limits& limits, const WriteSession& session, Result& result);
  // These return how many rows went.
  std::int64_t PurgeEvent(const OldEvent& event, const Limits& limits);
  std::int64_t Cancel(Position position, const OldEvent::Pending& pending, Timestamp now);
  std::int64_t Run(Statement& statement, Position position);

  Connection& connection_;
  HealthRows& health_;
  StatisticsRows& statistics_;
  PossiblyPending& possibly_pending_;
  OwedRows& owed_;
  Cancelations& cancelations_;
  ReplayRows& replays_;
  ImportRows& imports_;
  PurgePages pages_;
  Statement cancel_, drop_pending_, ended_since_, delete_attempts_, delete_ended_;
  SelectOne<ResourceNumber> delete_event_;
  Statement delete_tombstone_, delete_idempotency_records_;
  Position done_until_;  // all old events up to here are done; 0 again once the last one was
};

}  // namespace shakehook::sqlite
