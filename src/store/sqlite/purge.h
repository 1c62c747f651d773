// The purge of what is older than the retention, in small steps that never stall a commit: an event goes with its
// deliveries and attempts once it is old and all of them ended before. What an enabled webhook is owed stays; what a
// disabled one was owed becomes canceled, and stays in the log for another retention.
//
// Threads: the writer's.
#pragma once

#include <vector>

#include "store/sqlite/health_rows.h"
#include "store/sqlite/replay_rows.h"
#include "store/sqlite/sqlite.h"
#include "store/sqlite/statistics_rows.h"
#include "store/sqlite/write_session.h"

namespace shakehook::sqlite {

class Purge {
 public:
  Purge(Connection& connection, HealthRows& health, StatisticsRows& statistics, ReplayRows& replays);

  struct Limits {
    Timestamp now;
    Timestamp before;          // of events
    Timestamp answers_before;  // of kept answers
    std::size_t rows = 0;      // to look at
  };
  // Answers how many events and answers went, at least 1 while there is more to look at.
  std::int64_t Step(const Limits& limits, WriteSession& session);

 private:
  struct Owed {
    WebhookNumber webhook;
    bool enabled;
  };

  std::vector<Owed> WebhooksWithPending(const WriteSession& session);
  bool PurgeEvent(Position position, const std::vector<Owed>& owed, const Limits& limits, WriteSession& session);

  Connection& connection_;
  HealthRows& health_;
  StatisticsRows& statistics_;
  ReplayRows& replays_;
  Statement next_pending_webhook_, old_events_, pending_, cancel_, drop_pending_, ended_since_;
  Statement delete_attempts_, delete_ended_, delete_event_, delete_tombstone_, delete_answers_;
  Position looked_until_;  // where the next step goes on; from the start once the end of what is old was reached
};

}  // namespace shakehook::sqlite
