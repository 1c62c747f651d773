// Heartbeat tells whether loops still run: it posts a task to each, and knows which have run theirs.
//
// Ownership: the loops outlive the tasks; the tasks may outlive the Heartbeat.
// Threads:   used by one thread; the tasks run on the loops'.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "base/loop.h"

namespace shakehook {

class Heartbeat {
 public:
  explicit Heartbeat(std::vector<Loop*> loops);

  // Tells whether all loops have run their tasks since the last call, and then posts the next ones. A loop that has not
  // gets no second task: what waits is bounded.
  bool AllBeat();

 private:
  std::vector<Loop*> loops_;
  std::shared_ptr<std::atomic<std::size_t>> waiting_ = std::make_shared<std::atomic<std::size_t>>(0);
};

}  // namespace shakehook
