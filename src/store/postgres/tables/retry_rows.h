// Retries are the pending deliveries that have a due time: those of one webhook that are due later than a given time
// are found page by page, in event order, and made due at that time.
//
// Threads: the store's.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/ids.h"
#include "store/postgres/engine/connection.h"
#include "store/postgres/engine/transaction.h"

namespace shakehook::postgres {

// A search for the deliveries of a webhook that are due after `now`.
struct RetrySearch {
  WebhookNumber webhook;
  Timestamp now;
  Position after = {};                   // where the last page ended
  std::optional<Position> last = {};     // set by the first page: later events are not looked at
  std::vector<Position> positions = {};  // the page
  bool complete = false;
};

// Returns the search with its next page.
Async<RetrySearch> FindRetries(RetrySearch search, Connection& connection);
// Makes those of the page that are still due after search.now due at search.now; returns how many.
Async<std::int64_t> MakeRetriesDue(RetrySearch search, Transaction& transaction);

}  // namespace shakehook::postgres
