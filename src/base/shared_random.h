// SharedRandom lets several threads draw from one Random.
//
// Ownership: the Random outlives it, and nobody else draws from it.
// Threads:   any.
#pragma once

#include <cstdint>
#include <span>

#include "base/mutex.h"
#include "base/random.h"

namespace shakehook {

class SharedRandom final : public Random {
 public:
  explicit SharedRandom(Random& random) : random_(random) {}
  void Fill(std::span<std::uint8_t> bytes) override {
    const MutexLock lock(mutex_);
    random_.Fill(bytes);
  }

 private:
  Mutex mutex_;
  Random& random_ GUARDED_BY(mutex_);
};

}  // namespace shakehook
