// Retention drops what is older than the retention, in small steps with pauses, so that those who wait for the store
// hardly notice.
//
// Threads: lives on its loop, Start() included.
#pragma once

#include <cstdint>
#include <functional>

#include "store/store.h"

namespace shakehook {

class Retention {
 public:
  // One step (Store::Purge): answers how many rows went; 0: nothing is left to purge.
  using Purge =
      std::function<Async<Stored<std::int64_t>>(Timestamp before, Timestamp answers_before, std::size_t limit)>;

  Retention(Loop& loop, Purge purge, Milliseconds keep) : loop_(loop), purge_(std::move(purge)), keep_(keep) {}

  // The object must live as long as the loop runs.
  void Start() { loop_.Spawn(Run()); }

 private:
  Async<> Run();
  Async<> PurgeAll();

  Loop& loop_;
  const Purge purge_;
  const Milliseconds keep_;
};

}  // namespace shakehook
