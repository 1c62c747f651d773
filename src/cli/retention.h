// Retention drops what is older than the retention, in small steps with pauses, so that those who wait for the store
// hardly notice.
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

  Retention(Loop& loop, Purge purge, Milliseconds keep)
      : loop_(loop),
        purge_(std::move(purge)),
        keep_(keep),
        believed_(loop.clock().Now()),
        read_(loop.clock().Steady()) {}

  // The object must live as long as the loop runs.
  void Start() { loop_.Spawn(Run()); }

 private:
  Async<> Run();
  Async<> PurgeAll();
  // The wall clock, unless that has just jumped far ahead.
  Timestamp Now();

  Loop& loop_;
  const Purge purge_;
  const Milliseconds keep_;
  Timestamp believed_;
  SteadyTime read_;  // when it was
  std::optional<SteadyTime> doubted_since_;
};

}  // namespace shakehook
