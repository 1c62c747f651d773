// Runs a loop on virtual time.
//
// Threads: one.
#pragma once

#include "base/loop.h"
#include "testing/simulated_clock.h"

namespace shakehook {

// Runs what is ready and what becomes due until `duration` of virtual time has passed.
inline void RunFor(Loop& loop, SimulatedClock& clock, Milliseconds duration) {
  const SteadyTime end = clock.Steady() + duration;
  for (;;) {
    while (loop.Poll() > 0) {
    }
    const auto next = loop.NextTimer();
    if (!next || *next > end) break;
    clock.AdvanceTo(*next);
    loop.RunTimers();
  }
  clock.AdvanceTo(end);
}

}  // namespace shakehook
