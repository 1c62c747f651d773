// Retention drops what is older than the retention, in small steps with pauses, so that those who wait for the store
// hardly notice.
//
// What it drops is gone for good, so it takes two witnesses for the time: the wall clock, and the newest time that was
// recorded before the start, with what has passed since by the steady clock. A wall clock that is far ahead of the
// other is believed once it has stayed there for a day, in one run or by records that span a day.
//
// Threads: lives on its loop, Start() included.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "store/store.h"

namespace shakehook {

class Retention {
 public:
  // One step (Store::Purge): answers how many rows went; 0: nothing is left to purge.
  using Purge =
      std::function<Async<Stored<std::int64_t>>(Timestamp before, Timestamp answers_before, std::size_t limit)>;

  // The newest time at which something was recorded, or the newest before a time; nothing where there is none.
  using Newest = std::function<Async<Stored<std::optional<Timestamp>>>(std::optional<Timestamp> before)>;

  Retention(Loop& loop, Purge purge, Newest newest, Milliseconds keep)
      : loop_(loop),
        purge_(std::move(purge)),
        newest_(std::move(newest)),
        keep_(keep),
        believed_(loop.clock().Now()),
        read_(loop.clock().Steady()) {}

  // The object must live as long as the loop runs.
  void Start() { loop_.Spawn(Run()); }

 private:
  Async<> Run();
  // Reads the second witness. False where the store cannot be read.
  Async<bool> ReadRecordedTime();
  Async<> PurgeAll();
  // The wall clock, unless that is far ahead of the other witness.
  Timestamp Now();

  Loop& loop_;
  const Purge purge_;
  const Newest newest_;
  const Milliseconds keep_;
  Timestamp believed_;
  SteadyTime read_;  // when it was
  std::optional<SteadyTime> doubted_since_;
};

// For Retention, from events and the audit log.
Async<Stored<std::optional<Timestamp>>> NewestRecorded(Store& store, std::optional<Timestamp> before);

}  // namespace shakehook
