// The units of time. A time that is stored or that a client sees is a Timestamp: Unix time in whole milliseconds. A
// time that is measured or waited for inside the process is a SteadyTime, which no change of the system's clock moves.
#pragma once

#include <chrono>
#include <cstdint>

namespace shakehook {

using Milliseconds = std::chrono::milliseconds;
using Microseconds = std::chrono::microseconds;

using Timestamp = std::chrono::sys_time<Milliseconds>;

// Counts from an arbitrary start; comparable within one process only.
struct SteadyClock {
  using rep = std::int64_t;
  using period = std::micro;
  using duration = Microseconds;
  using time_point = std::chrono::time_point<SteadyClock, duration>;
  static constexpr bool is_steady = true;
};
using SteadyTime = SteadyClock::time_point;

constexpr Timestamp FromUnixMs(std::int64_t unix_ms) { return Timestamp(Milliseconds(unix_ms)); }
constexpr std::int64_t UnixMs(Timestamp time) { return time.time_since_epoch().count(); }

}  // namespace shakehook
