// Long work on a loop is cut into pieces, so that other requests get their turn in between.
#pragma once

#include <cstddef>

#include "base/loop.h"

namespace shakehook {

// How many resources a handler builds before it lets others run: about a millisecond.
inline constexpr std::size_t kResourcesPerTurn = 128;

// TurnBudget says when a handler has worked long enough for one turn of its loop: a few milliseconds, by the bytes that
// it worked on. It knows no clock, so that a test under a virtual one takes the same turns.
class TurnBudget {
 public:
  // Called after each resource, row or item with its size. Returns true when it is time for NextTurn.
  bool Spend(std::size_t bytes) {
    spent_ += bytes + kBytesOfOne;
    if (spent_ < kBytesPerTurn) return false;
    spent_ = 0;
    return true;
  }

 private:
  static constexpr std::size_t kBytesPerTurn = 64 * 1024;
  static constexpr std::size_t kBytesOfOne = kBytesPerTurn / kResourcesPerTurn;

  std::size_t spent_ = 0;
};

// Resumes the caller after everything that waits on the loop has run. The calling coroutine runs on `loop`.
Async<> NextTurn(Loop& loop);

}  // namespace shakehook
