// Retries are the rows of pending_delivery that have a due time. These classes find those of one webhook that are due
// later than a given time, and make them due at that time.
//
// Threads: RetryReads those of its connection; RetryRows the writer's.
#pragma once

#include <optional>
#include <vector>

#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/engine/write_session.h"
#include "store/sqlite/tables/discards.h"
#include "store/store.h"

namespace shakehook::sqlite {

// A search for the deliveries of a webhook that are due after `now`, in event order.
struct RetrySearch {
  WebhookNumber webhook;
  Timestamp now;
  Position after = {};                   // where the last page ended
  std::optional<Position> last = {};     // set by the first page: later events are not looked at
  std::vector<Position> positions = {};  // the page
  bool complete = false;
};

// The refusal where there is no such webhook.
Refusal WebhookIsMissing();

class RetryReads {
 public:
  // The most that one page contains, and the most rows that it looks at.
  static constexpr std::size_t kPageMax = 1'000;

  explicit RetryReads(Connection& connection);

  // Returns the search with its next page.
  RetrySearch Continue(RetrySearch search);

 private:
  DiscardReads discards_;
  Statement any_;
  SelectOne<Position> newest_;
  Select<struct WaitingColumns> page_;
};

class RetryRows {
 public:
  explicit RetryRows(Connection& connection);

  // Makes those of the page that are still due after search.now due at search.now; returns how many. Listeners hear
  // that something is due.
  Stored<std::int64_t> MakeDue(const RetrySearch& search, WriteSession& session);

 private:
  Connection& connection_;
  Statement make_due_;
};

}  // namespace shakehook::sqlite
