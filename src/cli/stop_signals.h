// SIGTERM and SIGINT, taken one by one by the thread that waits for them.
//
// Threads: made by the main thread before any other starts, so that all inherit its mask; waited for by one thread.
#pragma once

#include <csignal>

#include "base/time.h"

namespace shakehook {

class StopSignals {
 public:
  // Blocks the two in this thread and those it starts, and ignores SIGPIPE and SIGXFSZ.
  StopSignals();

  void Wait();
  enum class Came { kYes, kNo };
  Came WaitFor(Milliseconds at_most);

 private:
  sigset_t signals_;
};

}  // namespace shakehook
