// Turns lets one coroutine after the other use what only one may use at a time, in the order in which they came.
//
// Ownership: what waits here is dropped with it.
// Threads:   its loop's.
#pragma once

#include <deque>

#include "base/loop.h"

namespace shakehook::postgres {

class Turns {
 public:
  explicit Turns(Loop& loop) : loop_(loop) {}

  // Returns false if there are as many as `most` already that wait.
  Async<bool> Begin(std::size_t most);
  // The next one begins.
  void End();

 private:
  Loop& loop_;
  bool taken_ = false;
  std::deque<Task> waiting_;
};

}  // namespace shakehook::postgres
