// OwnFaults tells the operator that deliveries wait because of this machine itself (no descriptor, no network, no name
// server): one line in the log when that begins and one when it is over, and metrics.
//
// Threads: all functions from any thread.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <array>
#include <string>

#include "base/mutex.h"
#include "base/time.h"
#include "net/transport.h"

namespace shakehook {

class OwnFaults {
 public:
  // A fault that does not come back for so long is over: longer than any pause after one, and a lookup.
  static constexpr Milliseconds kOverAfter{10'000};

  explicit OwnFaults(prometheus::Registry& registry);

  // Notes that an attempt was put off because of the fault; `message` is for a person.
  void Observe(OwnFault fault, const std::string& message, SteadyTime now);
  // Says which ones are over. Returns whether some go on, so that it is to be asked again after kOverAfter.
  bool Look(SteadyTime now);

 private:
  static constexpr std::size_t kKinds = 8;
  struct Kind {
    prometheus::Counter* postponed;
    prometheus::Gauge* lasts;
    bool active = false;
    SteadyTime last{};
    std::size_t count = 0;
  };

  Mutex mutex_;  // the lanes share it
  std::array<Kind, kKinds> kinds_ GUARDED_BY(mutex_);
};

}  // namespace shakehook
