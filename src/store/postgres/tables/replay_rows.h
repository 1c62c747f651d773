// Replays as they change: they begin, go on, end or are canceled. A step makes some deliveries due and stores its
// progress in the same transaction; so a replay continues after a restart, or on another node, where it was.
//
// Threads: the store's.
#pragma once

#include <cstdint>

#include "store/postgres/engine/transaction.h"
#include "store/postgres/redelivery.h"
#include "store/postgres/tables/replay_reads.h"
#include "store/store.h"

namespace shakehook::postgres {

// The verbs of store.h.
Async<Stored<Done>> StartReplay(Replay replay, ByHandParts parts, Transaction& transaction);
Async<Stored<Replay>> CancelReplay(ReplayId id, Timestamp now, Transaction& transaction);
// Makes the step that was found, or nothing of it if the replay has changed since.
Async<Stored<ReplayStep>> ContinueReplay(ReplayWork work, Timestamp now, ByHandParts parts, Random& random,
                                         Transaction& transaction);

// Cancels the replays of a webhook that was deleted.
void CancelReplaysOf(WebhookNumber webhook, Timestamp now, Transaction& transaction);
// Drops up to `limit` replays that ended before; returns how many.
Async<std::int64_t> PurgeReplays(Timestamp before, std::size_t limit, Connection& connection);

}  // namespace shakehook::postgres
