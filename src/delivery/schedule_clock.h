// ScheduleClock is the time that retries go by: the wall clock, in which their due times are stored, without its jumps.
// It runs with the steady clock. Where the wall clock jumps ahead of it, it goes through the time of the longest wait
// sixty times as fast, so that an hour's retries go out over a minute and not at once, and is then where the wall clock
// is. Where the wall clock jumps back, it runs on, a tenth slower, until the wall clock has caught up: no retry waits
// for the jump to pass a second time. A wait that begins meanwhile is as long as it should be (After).
//
// Threads: one loop's.
#pragma once

#include "base/clock.h"

namespace shakehook {

class ScheduleClock {
 public:
  static constexpr int kCatchUp = 60;   // times as fast, while it is behind the wall clock
  static constexpr int kSlowDown = 10;  // one part of so many slower, while it is ahead

  // `wait_max`: no retry waits longer.
  ScheduleClock(const Clock& clock, Milliseconds wait_max)
      : clock_(clock),
        wait_max_(wait_max),
        at_(clock.Now().time_since_epoch()),
        read_(clock.Steady()),
        catch_up_left_(wait_max) {}

  // Runs from `at` on: what the process before this one has gone by may lie ahead of the wall clock.
  void Begin(Timestamp at);
  // Never goes back.
  Timestamp Now();
  // What Now() will say once `wait` has passed, should the wall clock not jump again.
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
  Microseconds catch_up_left_;  // of its own time, to be gone through fast
};

}  // namespace shakehook
