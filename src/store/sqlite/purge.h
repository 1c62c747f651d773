// The purge of what is older than the retention, in small steps that never stall a commit: an event goes with its
// deliveries and attempts once it is old and all of them ended before. What an enabled webhook is owed stays, and what
// a person has just sent by hand; what else a disabled one was owed becomes canceled, and stays in the log for another
// retention.
//
// A time further ahead than the retention is long was written by a clock that was wrong. It says nothing: such an event
// is as old as the one after it, and such an end is none.
//
// Threads: the writer's.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "store/sqlite/cancelations.h"
#include "store/sqlite/debts.h"
#include "store/sqlite/health_rows.h"
#include "store/sqlite/import_rows.h"
#include "store/sqlite/owed_rows.h"
#include "store/sqlite/replay_rows.h"
#include "store/sqlite/sqlite.h"
#include "store/sqlite/statistics_rows.h"
#include "store/sqlite/write_session.h"

namespace shakehook::sqlite {

class Purge {
 public:
  struct Rows {
    HealthRows& health;
    StatisticsRows& statistics;
    Debts& debts;
    OwedRows& owed;
    Cancelations& cancelations;
    ReplayRows& replays;
    ImportRows& imports;
  };

  Purge(Connection& connection, const Rows& rows);

  struct Limits {
    Timestamp now;
    Timestamp before;          // of events
    Timestamp answers_before;  // of kept answers
    // Events to look at, and rows to delete or cancel: one event's above that at most. More, where so many webhooks may
    // be owed something old that a look at what that is would be most of a step.
    std::size_t rows = 0;
  };
  struct Result {
    std::int64_t rows = 0;  // that went; at least 1 while there is more to look at
    bool asks_for_debts = false;
  };
  // Discards that were left unfinished come first. Goes on once the debts are known that it asks for.
  Result Step(Limits limits, const WriteSession& session);

 private:
  // A delivery that is still owed.
  struct Owed {
    WebhookNumber webhook;
    OwedDelivery::Purpose purpose;
    bool stays;
  };
  using OwedByPosition = std::map<Position, std::vector<Owed>>;

  // What is old among the next events.
  struct Page {
    std::vector<Position> old;
    Position looked_until;
    bool more = false;
  };

  Page FindOld(const Limits& limits);
  // Of these events; where it is too much for one step, `old` becomes shorter.
  OwedByPosition FindOwed(const std::set<WebhookNumber>& webhooks, std::vector<Position>& old, const Limits& limits,
                          const WriteSession& session);
  bool AddOwed(const std::set<WebhookNumber>& webhooks, const std::vector<Position>& old, std::size_t rows,
               const WriteSession& session, OwedByPosition& owed);
  // Whether there is more.
  bool PurgeEvents(Limits limits, const WriteSession& session, Result& result);
  // These answer how many rows went.
  std::int64_t PurgeEvent(Position position, const std::vector<Owed>& owed, const Limits& limits);
  std::int64_t Cancel(Position position, const Owed& owed, Timestamp now);
  std::int64_t Run(Statement& statement, Position position);

  Connection& connection_;
  HealthRows& health_;
  StatisticsRows& statistics_;
  Debts& debts_;
  OwedRows& owed_;
  Cancelations& cancelations_;
  ReplayRows& replays_;
  ImportRows& imports_;
  Statement newest_, events_, pending_, cancel_, drop_pending_, ended_since_;
  Statement delete_attempts_, delete_ended_, delete_event_, delete_tombstone_, delete_answers_;
  Position looked_until_;  // where the next step goes on; from the start once the end of what is old was reached
};

}  // namespace shakehook::sqlite
