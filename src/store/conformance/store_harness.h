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

  // Opens the store, empty at first and then with what it had; the one before was destroyed. A store that can runs
  // its verbs on their callers' loops, so that a run repeats. While `fail_commit` returns true, every commit fails as
  // on a full disk.
  virtual std::unique_ptr<Store> Open(Clock& clock, Random& random, std::function<bool()> fail_commit) = 0;

  // For a store with threads of its own: waits until something resumes on the loop; false: nothing does.
  virtual bool Wait(Loop& /*loop*/) { return false; }
};

std::unique_ptr<StoreHarness> MakeStoreHarness();

}  // namespace shakehook
