// The purge of data that is older than the retention, in small steps: an event is dropped with its deliveries and
// attempts once it is old and all of them ended before. Pending deliveries of an enabled webhook stay, and so do those
// that a person has just sent by hand; other pending deliveries of a disabled webhook become canceled, and stay in the
// log for another retention.
//
// A time that is further ahead than the retention is long was written by a clock that was wrong, and is not believed:
// such an event is as old as the one after it, and such an end does not count as an end.
//
// Threads: the store's.
#pragma once

#include <cstdint>
#include <vector>

#include "store/postgres/engine/transaction.h"
#include "store/postgres/tables/config_rows.h"
#include "store/postgres/tables/directory.h"

namespace shakehook::postgres {

class Purge {
 public:
  struct Limits {
    Timestamp now;
    Timestamp before;                      // for events
    Timestamp idempotency_records_before;  // for idempotency records
    // The number of events to look at, and of rows to delete or cancel, exceeded by one event's rows at most.
    std::size_t rows = 0;
  };

  // `writer`: the number that the transactions' counters have.
  Purge(ConfigRows& config, const Directory& directory, int writer)
      : config_(config), directory_(directory), writer_(writer) {}

  // Returns how many rows were dropped; at least 1 while there is more to look at. Discards that were left unfinished
  // come first.
  Async<std::int64_t> Step(Limits limits, Transaction& transaction);

 private:
  // The old events among the next ones.
  struct Page {
    std::vector<Position> old;
    Position looked_until;
    bool more = false;
  };

  Async<Page> FindOld(Limits limits, Connection& connection);
  // Makes the list shorter, so that its rows are not many more than the limit; one event stays at least.
  Async<> Shorten(std::vector<Position>& old, std::size_t rows_max, Connection& connection);
  // Returns how many rows went.
  Async<std::int64_t> PurgeEvents(std::vector<Position> old, Limits limits, Transaction& transaction);
  Async<std::int64_t> CancelOfDisabled(std::vector<DeliveryKey> owed, Timestamp now, Transaction& transaction);

  ConfigRows& config_;
  const Directory& directory_;
  const int writer_;
  Position looked_until_;  // the next step's start; the first event again once the end of the old events was reached
};

}  // namespace shakehook::postgres
