#include "net/deadline_sweep.h"

#include <algorithm>

namespace shakehook {
namespace {

// A sweep looks at every deadline, so sweeps are at least this far apart.
constexpr Milliseconds kSweepIntervalMin{5};

}  // namespace

DeadlineSweep::~DeadlineSweep() {
  if (timer_) loop_.Cancel(*timer_);
}

void DeadlineSweep::Add(Deadline& deadline) {
  deadlines_.push_back(deadline);
  if (!timer_ || deadline.at() < timer_->first) SetTimer(deadline.at());
}

void DeadlineSweep::SetTimer(SteadyTime at) {
  if (timer_) loop_.Cancel(*timer_);
  timer_ = loop_.CallAt(at, [this] { Sweep(); });
}

void DeadlineSweep::Sweep() {
  timer_.reset();
  const SteadyTime now = loop_.clock().Steady();
  std::optional<SteadyTime> earliest;
  for (auto next = deadlines_.begin(); next != deadlines_.end();) {
    Deadline& deadline = *next++;
    if (deadline.at() <= now) {
      deadline.unlink();
      deadline.OnPassed();
    } else if (!earliest || deadline.at() < *earliest) {
      earliest = deadline.at();
    }
  }
  if (earliest) SetTimer(std::max<SteadyTime>(*earliest, now + kSweepIntervalMin));
}

}  // namespace shakehook
