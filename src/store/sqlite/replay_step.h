// These functions count what a replay would send, and make one step of it: a reader finds what there is to do, so that
// the writer only does it. They have the rows of a discard written first, because a replay may ask for them.
//
// Ownership: refers to what it is given until it has ended.
// Threads:   runs on the caller's loop.
#pragma once

#include "store/config_cache.h"
#include "store/sqlite/discard_steps.h"
#include "store/sqlite/tables/replay_rows.h"
#include "store/store.h"

namespace shakehook::sqlite {

struct ReplayParts {
  ReplayRows& replays;
  const ConfigCache& config_cache;
  DiscardParts discard;
};

// store.h: CountReplay, ContinueReplay.
Async<Stored<std::int64_t>> CountReplay(WebhookNumber webhook, ReplayFilter filter, Asker asker, ReplayParts parts);
Async<Stored<ReplayStep>> StepReplay(ReplayId id, Timestamp now, ReplayParts parts);

}  // namespace shakehook::sqlite
