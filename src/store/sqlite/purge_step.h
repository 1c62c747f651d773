// StepPurge runs one step of a purge: the writer makes it, and where it has to know the pending deliveries of webhooks,
// a reader finds them, so that no change waits for that.
//
// Ownership: everything that it is given outlives it.
// Threads:   runs on the caller's loop.
#pragma once

#include "store/sqlite/engine/writer.h"
#include "store/sqlite/readers.h"
#include "store/sqlite/tables/possibly_pending.h"
#include "store/sqlite/tables/purge.h"
#include "store/store.h"

namespace shakehook::sqlite {

// Returns how many rows went, at least 1 while there is more to look at.
Async<Stored<std::int64_t>> StepPurge(Purge::Limits limits, Purge& purge, PossiblyPending& possibly_pending,
                                      Writer& writer, Readers& readers);

}  // namespace shakehook::sqlite
