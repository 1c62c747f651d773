// WorkRoom is where a writer of records takes memory for what it reads and makes of it; whoever calls the writer gives
// it, and gets back what was taken when the call has ended.
//
// Threads: on the caller's loop.
#pragma once

#include <cstddef>
#include <functional>

#include "base/loop.h"

namespace shakehook {

struct WorkRoom {
  // Takes room for work on so many stored bytes, instead of what was taken before. False: there is none now. Absent:
  // there is always some.
  std::function<bool(std::size_t bytes)> take;
  // The same, and waits for it. False: it did not come in time.
  std::function<Async<bool>(std::size_t bytes)> wait;
};

}  // namespace shakehook
