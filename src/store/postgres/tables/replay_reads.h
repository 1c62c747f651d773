// Replays as they are read, and what they find to send again (store/replay_plan.h).
//
// Threads: the store's.
#pragma once

#include <optional>
#include <vector>

#include "model/webhook.h"
#include "store/config_cache.h"
#include "store/postgres/engine/connection.h"
#include "store/replay_plan.h"

namespace shakehook::postgres {

Async<std::optional<Replay>> FindReplay(ReplayId id, Connection& connection);
Async<std::vector<Replay>> ListReplays(WebhookNumber webhook, std::optional<ReplayId> before, std::size_t limit,
                                       Connection& connection);
Async<std::vector<ReplayId>> ListRunningReplays(Connection& connection);

// Returns all that the filter's times let through.
Async<ReplayRange> RangeOf(ReplayFilter filter, Connection& connection);
// Returns where a running replay is; nullopt: it has ended.
Async<std::optional<ReplayRange>> HoldReplay(ReplayId id, Position looked_until, Connection& connection);

Async<ReplayWork> FindReplayWork(ReplayId id, const ConfigCache& config_cache, Connection& connection);

// A count under way, over several reads.
struct ReplayCount {
  SharedWebhook webhook;
  ReplayFilter filter;
  std::optional<ReplayRange> range = {};
  std::int64_t counted = 0;
  bool complete = false;
};
Async<ReplayCount> ContinueCount(ReplayCount count, Connection& connection);

}  // namespace shakehook::postgres
