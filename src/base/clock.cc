#include "base/clock.h"

namespace shakehook {

Timestamp SystemClock::Now() const { return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now()); }

SteadyTime SystemClock::Steady() const {
  return SteadyTime(std::chrono::floor<Microseconds>(std::chrono::steady_clock::now().time_since_epoch()));
}

}  // namespace shakehook
