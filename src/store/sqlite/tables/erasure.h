// Erases a resource's data from the payloads of its events, and from the responses of receivers. The events and
// deliveries themselves stay, so that the log still says what was sent when.
//
// Overwritten data is zeroed in the file (PRAGMA secure_delete); the write-ahead log, and pages that earlier changes
// freed, hold traces until they are used again.
//
// Threads: the writer's.
#pragma once

#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/engine/write_session.h"
#include "store/sqlite/tables/config_rows.h"
#include "store/store.h"

namespace shakehook::sqlite {

class ErasureRows {
 public:
  // The number of rows that a step may write.
  static constexpr std::size_t kRowsAStep = 1'000;

  ErasureRows(Connection& connection, const ConfigRows& config);

  // A step of Store::EraseHistory.
  Stored<Erasure> Step(const VenueId& venue, ResourceKind kind, const ResourceId& id, std::optional<Position> before,
                       WriteSession& session);

 private:
  Connection& connection_;
  const ConfigRows& config_;
  Select<struct ErasedResourceColumns> find_;
  Select<struct ErasedEventColumns> event_;
  Statement erase_payload_, erase_ended_, erase_attempts_;
};

}  // namespace shakehook::sqlite
