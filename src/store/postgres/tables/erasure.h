// Erases a resource's data from the payloads of its events, and from the responses of receivers. The events and
// deliveries themselves stay, so that the log still says what was sent when.
//
// The server overwrites nothing in place: the old rows are gone from its files once VACUUM and the recycling of the
// write-ahead log have come by, and from backups when those are dropped.
//
// Threads: the store's.
#pragma once

#include <optional>

#include "store/postgres/engine/transaction.h"
#include "store/postgres/tables/config_rows.h"
#include "store/postgres/tables/directory.h"
#include "store/store.h"

namespace shakehook::postgres {

// The resource of which a step of Store::EraseHistory erases.
struct ToErase {
  VenueId venue;
  ResourceKind kind = ResourceKind::kContact;
  ResourceId id;
  std::optional<Position> before;
};

Async<Stored<Erasure>> EraseStep(ToErase erase, ConfigRows& config, const Directory& directory,
                                 Transaction& transaction);

}  // namespace shakehook::postgres
