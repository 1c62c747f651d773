// Replays as they are read, and what they find to send again: in event order, each kind of delivery by an index that
// fits, in pages that look at a bounded number of rows.
//
// Threads: those of its connection.
#pragma once

#include <optional>
#include <vector>

#include "store/config_cache.h"
#include "store/replay_columns.h"
#include "store/replay_plan.h"
#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/tables/discards.h"
#include "store/sqlite/tables/event_reads.h"
#include "store/sqlite/tables/listing.h"
#include "store/sqlite/tables/owed_reads.h"
#include "store/store.h"

namespace shakehook::sqlite {

class ReplayReads {
 public:
  ReplayReads(Connection& connection, EventReads& events);

  std::optional<Replay> Find(ReplayId id);
  std::vector<Replay> List(WebhookNumber webhook, std::optional<ReplayId> before, std::size_t limit);
  std::vector<ReplayId> ListRunning();

  // All that the filter's times let through.
  ReplayRange RangeOf(const ReplayFilter& filter);
  // `limit` deliveries at most.
  ReplayPage Look(const Webhook& webhook, const ReplayFilter& filter, ReplayRange range, std::size_t limit);
  ReplayWork FindWork(ReplayId id, const ConfigCache& config_cache);
  Progress Continue(ReplayCount& count, const ConfigCache& config_cache);

 private:
  ReplayedRows ReadRows(const Webhook& webhook, const ReplayFilter& filter, ReplayRange range, std::size_t limit);
  void AddEnded(Rows<struct EndedReplayColumns> ended, const ReplayFilter& filter, std::size_t limit,
                ReplayedRows& into);
  void AddMissing(const Webhook& webhook, const ReplayFilter& filter, ReplayRange range, std::size_t limit,
                  ReplayedRows& into);
  bool HasDelivery(DeliveryKey key);

  EventReads& events_;
  OwedReads untried_;
  DiscardReads discards_;
  Select<ReplayColumns> find_, list_;
  SelectOne<ReplayId> running_;
  Select<ReplayRangeColumns> range_;
  SelectOne<std::size_t> ahead_;
  SelectOne<Position> newest_;
  Select<EndedReplayColumns> undelivered_, ended_;
  Select<struct ReplayedEventColumns> event_;
  Select<struct VenueEventColumns> events_of_venue_;
  Select<struct GroupEventColumns> events_of_group_;
  Statement has_ended_, has_pending_;
};

}  // namespace shakehook::sqlite
