#include "cli/heartbeat.h"

#include <utility>

namespace shakehook {

Heartbeat::Heartbeat(std::vector<Loop*> loops) : loops_(std::move(loops)) {}

bool Heartbeat::AllBeat() {
  if (waiting_->load() > 0) return false;
  waiting_->store(loops_.size());
  for (Loop* const loop : loops_) {
    loop->Post([waiting = waiting_] { waiting->fetch_sub(1); });
  }
  return true;
}

}  // namespace shakehook
