// StoreHarness gives the conformance suite the store that it is run against. The suite names no implementation: each
// store's test program links the suite's sources and defines MakeStoreHarness().
//
// Ownership: outlives the stores that it opens.
// Threads:   one.
#pragma once

#include <functional>
#include <memory>

#include "base/clock.h"
#include "base/random.h"
#include "store/store.h"

namespace shakehook {

class StoreHarness {
 public:
  virtual ~StoreHarness() = default;

  // Opens the store, empty at first and then with what it had; the one before was destroyed. The store runs its verbs
  // on their callers' loops, so that a run repeats. While `fail_commit` returns true, every commit fails as on a full
  // disk.
  virtual std::unique_ptr<Store> Open(Clock& clock, Random& random, std::function<bool()> fail_commit) = 0;
};

std::unique_ptr<StoreHarness> MakeStoreHarness();

}  // namespace shakehook
