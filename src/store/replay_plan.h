// ReplayLook decides what a replay sends next, of the rows that a store reads for it; both databases share it. A store
// reads the next rows of each kind of delivery by an index that fits; ReplayLook puts them in event order, and makes
// pages that look at a bounded number of rows.
//
// Threads: any, one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/ids.h"
#include "model/replay.h"
#include "store/job_steps.h"

namespace shakehook {

// For all webhooks together; each running replay asks the store for its next step again and again.
inline constexpr std::int64_t kRunningReplaysMax = 100;
// Deliveries that a step makes due: few enough that no commit takes long.
inline constexpr std::size_t kReplayStepDeliveries = 100;
// The most deliveries of a replay that are due and not tried yet. At this number the replay waits, so that retries do
// not wait behind all of it, and a canceled replay ends soon.
inline constexpr std::size_t kReplayAheadMax = 500;
// The deliveries that a count takes at a time.
inline constexpr std::size_t kReplayCountAtOnce = 4'000;

// From where to where a replay looks: (after, last].
struct ReplayRange {
  Position after, last;
};

// The result of a look at a part of the range.
struct ReplayPage {
  std::vector<Position> ended;    // deliveries that have ended
  std::vector<Position> missing;  // events that the webhook never had
  Position looked_until;

  std::size_t size() const { return ended.size() + missing.size(); }
};

// A row that was looked at, and whether it is to be sent.
struct ReplayedRow {
  Position position;
  bool missing = false;
  bool fits = false;

  auto operator<=>(const ReplayedRow& other) const { return position <=> other.position; }
  bool operator==(const ReplayedRow& other) const = default;
};
struct ReplayedRows {
  std::vector<ReplayedRow> rows;
  Position until;  // all of the range up to here is among them
};

// A replay's next step, before it is made.
struct ReplayWork {
  ReplayStep step = ReplayStep::kEnded;  // kMoved: there is a page
  Replay replay = {};
  ReplayRange range = {};
  ReplayPage page = {};
  std::optional<WebhookNumber> discarding = {};  // kWaits: for what was discarded of this one to be written
};

// A count under way, over several reads.
struct ReplayCount {
  WebhookNumber webhook;
  ReplayFilter filter;
  std::optional<ReplayRange> range = {};
  std::int64_t counted = 0;
};

bool IsWithin(const ReplayFilter& filter, Timestamp time);

// A look at a part of the range, for `limit` deliveries at most:
//
//   ReplayLook look(range, limit);
//   while (look.wants_more()) look.Add(ReadRows(look.range(), look.rows_at_once()));
//   return look.page();
class ReplayLook {
 public:
  ReplayLook(ReplayRange range, std::size_t limit);

  bool wants_more() const;
  const ReplayRange& range() const { return range_; }
  std::size_t rows_at_once() const;
  void Add(ReplayedRows found);
  const ReplayPage& page() const { return page_; }

 private:
  ReplayRange range_;  // the part that is not looked at yet
  const std::size_t limit_;
  std::size_t looked_at_ = 0;
  ReplayPage page_;
};

}  // namespace shakehook
