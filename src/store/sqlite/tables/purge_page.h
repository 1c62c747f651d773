// PurgePages finds what a step of the purge has to do: the next old events, each with its pending deliveries. It writes
// nothing.
//
// Threads: the writer's.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/engine/write_session.h"
#include "store/sqlite/tables/owed_rows.h"
#include "store/sqlite/tables/possibly_pending.h"

namespace shakehook::sqlite {

struct PurgeLimits {
  Timestamp now;
  Timestamp before;                      // for events
  Timestamp idempotency_records_before;  // for idempotency records
  // The number of events to look at, and of rows to delete or cancel, exceeded by one event's rows at most. It is
  // raised when so many webhooks may have an old pending delivery that looking at these would be most of a step.
  std::size_t rows = 0;

  // A time after this was written by a clock that was wrong.
  Timestamp WrongAfter() const { return now + (now - before); }
};

// An event that is older than the retention.
struct OldEvent {
  struct Pending {
    WebhookNumber webhook;
    OwedDelivery::Purpose purpose;
    bool stays;
  };
  Position position;
  std::vector<Pending> pending = {};
};

struct PurgePage {
  std::vector<OldEvent> events;
  // Where the next page begins, once all of this one is done; nullopt: no old event is behind it.
  std::optional<Position> next;
  std::size_t rows = 0;  // PurgeLimits::rows, raised where the page needs it
};

class PurgePages {
 public:
  PurgePages(Connection& connection, PossiblyPending& possibly_pending, OwedRows& owed);

  // Returns the old events behind `after`. nullopt: it is not known which webhooks may have pending deliveries of them;
  // this was asked for.
  std::optional<PurgePage> Read(Position after, const PurgeLimits& limits, const WriteSession& session);

 private:
  // Returns the old events among the next `rows`, without their pending deliveries.
  PurgePage FindOld(Position after, const PurgeLimits& limits, std::size_t rows);
  // Finds the pending deliveries of the page's events. If they are more than the page's rows, it makes the page
  // shorter, down to one event.
  void FindPending(const std::set<WebhookNumber>& webhooks, const WriteSession& session, PurgePage& page);
  // Returns false if they are more, and one event less would do.
  bool AddPending(const std::set<WebhookNumber>& webhooks, const WriteSession& session, PurgePage& page);

  PossiblyPending& possibly_pending_;
  OwedRows& owed_;
  SelectOne<Position> newest_;
  Select<struct PurgedEventColumns> events_;
  Select<struct PurgedPendingColumns> pending_;
};

}  // namespace shakehook::sqlite
