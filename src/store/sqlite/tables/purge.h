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

#include <map>
#include <set>
#include <vector>

#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/engine/write_session.h"
#include "store/sqlite/tables/cancelations.h"
#include "store/sqlite/tables/health_rows.h"
#include "store/sqlite/tables/import_rows.h"
#include "store/sqlite/tables/owed_rows.h"
#include "store/sqlite/tables/possibly_pending.h"
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

  struct Limits {
    Timestamp now;
    Timestamp before;                      // for events
    Timestamp idempotency_records_before;  // for idempotency records
    // The number of events to look at, and of rows to delete or cancel, exceeded by one event's rows at most. It is
    // raised when so many webhooks may have an old pending delivery that looking at these would be most of a step.
    std::size_t rows = 0;
  };
  struct Result {
    std::int64_t rows = 0;  // dropped; at least 1 while there is more to look at
    bool asks_for_oldest_pending = false;
  };
  // Discards that were left unfinished come first. Goes on once the oldest are known that it asks for.
  Result Step(Limits limits, const WriteSession& session);

 private:
  // A delivery that is still pending.
  struct Owed {
    WebhookNumber webhook;
    OwedDelivery::Purpose purpose;
    bool stays;
  };
  using OwedByPosition = std::map<Position, std::vector<Owed>>;

  // The old events among the next ones.
  struct Page {
    std::vector<Position> old;
    Position looked_until;
    bool more = false;
  };

  Page FindOld(const Limits& limits);
  // Finds the pending deliveries of these events; if that is too much for one step, it makes `old` shorter.
  OwedByPosition FindOwed(const std::set<WebhookNumber>& webhooks, std::vector<Position>& old, const Limits& limits,
                          const WriteSession& session);
  bool AddOwed(const std::set<WebhookNumber>& webhooks, const std::vector<Position>& old, std::size_t rows,
               const WriteSession& session, OwedByPosition& owed);
  // Returns whether there is more.
  bool PurgeEvents(Limits limits, const WriteSession& session, Result& result);
  // These return how many rows went.
  std::int64_t PurgeEvent(Position position, const std::vector<Owed>& owed, const Limits& limits);
  std::int64_t Cancel(Position position, const Owed& owed, Timestamp now);
  std::int64_t Run(Statement& statement, Position position);

  Connection& connection_;
  HealthRows& health_;
  StatisticsRows& statistics_;
  PossiblyPending& possibly_pending_;
  OwedRows& owed_;
  Cancelations& cancelations_;
  ReplayRows& replays_;
  ImportRows& imports_;
  SelectOne<Position> newest_;
  Select<struct PurgedEventColumns> events_;
  Select<struct PurgedPendingColumns> pending_;
  Statement cancel_, drop_pending_, ended_since_, delete_attempts_, delete_ended_;
  SelectOne<ResourceNumber> delete_event_;
  Statement delete_tombstone_, delete_idempotency_records_;
  Position looked_until_;  // the next step's start; the first event again once the end of the old events was reached
};

}  // namespace shakehook::sqlite
