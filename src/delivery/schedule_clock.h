// ScheduleClock is the time for retries: the wall clock, in which their due times are stored, without its jumps. It
// runs with the steady clock. If the wall clock jumps ahead of it, it passes a time of the longest wait at sixty times
// the speed, so that an hour's retries go out over a minute and not at once; then it equals the wall clock. If the wall
// clock jumps back, it runs on, a tenth slower, until the wall clock has caught up: no retry waits for the time of the
// jump again. A wait that begins meanwhile has the right length (After).
//
// Threads: one loop's.
#pragma once

#include "base/clock.h"

namespace shakehook {

class ScheduleClock {
 public:
  static constexpr int kCatchUp = 60;   // times as fast, while it is behind the wall clock
  static constexpr int kSlowDown = 10;  // it runs slower by 1/kSlowDown while it is ahead

  // `wait_max`: no retry of the standard schedule waits longer.
  ScheduleClock(const Clock& clock, Milliseconds wait_max)
      : clock_(clock),
        wait_max_(wait_max),
        at_(clock.Now().time_since_epoch()),
        read_(clock.Steady()),
        catch_up_left_(wait_max) {}

  // Runs from `at` on: the time of the process before this one may be ahead of the wall clock.
  void Begin(Timestamp at);
  // Never goes back.
  Timestamp Now();
  // Returns what Now() will be once `wait` has passed, if the wall clock does not jump again.
  Timestamp After(Milliseconds wait);
  // When Now() will have come to `due`, on the same condition.
  SteadyTime When(Timestamp due);

 private:
  // How far the wall clock is ahead (negative: back). What is below its resolution is nothing.
  Microseconds Behind() const;
  // How long it goes on faster, or slower.
  Microseconds CatchUp(Microseconds behind) const;

  const Clock& clock_;
  const Microseconds wait_max_;
  Microseconds at_;  // Unix time
  SteadyTime read_;
  Microseconds catch_up_left_;  // the part of its own time that is still passed fast
};

}  // namespace shakehook
