// Clock is the seam through which time enters: the only place that asks the system what time it is.
//
// Threads: both functions may be called from any thread.
#pragma once

#include "base/time.h"

namespace shakehook {

class Clock {
 public:
  virtual ~Clock() = default;

  // The wall clock. It may jump, in both directions.
  virtual Timestamp Now() const = 0;

  // Never goes back, and runs on while the wall clock jumps.
  virtual SteadyTime Steady() const = 0;
};

class SystemClock final : public Clock {
 public:
  Timestamp Now() const override;
  SteadyTime Steady() const override;
};

}  // namespace shakehook
