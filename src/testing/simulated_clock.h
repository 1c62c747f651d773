// SimulatedClock is a Clock that a test moves. Steady time and the wall clock move together unless the wall is made to
// jump.
//
// Threads: one thread.
#pragma once

#include "base/clock.h"

namespace shakehook {

class SimulatedClock final : public Clock {
 public:
  // 2024-11-13T10:30:00Z, the timestamp of the seed's first example.
  static constexpr Timestamp kStart = FromUnixMs(1'731'493'800'000);

  explicit SimulatedClock(Timestamp start = kStart) : wall_(start.time_since_epoch()) {}

  Timestamp Now() const override { return Timestamp(std::chrono::floor<Milliseconds>(wall_)); }
  SteadyTime Steady() const override { return steady_; }

  void Advance(Microseconds by) {
    steady_ += by;
    wall_ += by;
  }
  void AdvanceTo(SteadyTime at) {
    if (at > steady_) Advance(at - steady_);
  }
  void JumpWall(Milliseconds by) { wall_ += by; }

 private:
  Microseconds wall_;
  SteadyTime steady_{Microseconds(1'000'000)};
};

}  // namespace shakehook
