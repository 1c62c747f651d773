// ProxyWatch remembers what the egress proxy did of late, to tell the proxy's faults from those of endpoints.
//
// A CONNECT without an answer may be the fault of either: a proxy that hangs, or one that waits for an endpoint which
// does not react. If the proxy answers nothing else meanwhile, not even a question about itself (a probe), it hangs. A
// refusal may be the fault of either, too: if the proxy opens connections to others while it refuses one endpoint, that
// endpoint is what it refuses.
//
// Pure. Threads: one loop's.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/time.h"

namespace shakehook {

class ProxyWatch {
 public:
  // A CONNECT that has had no answer for so long causes a probe.
  static constexpr Milliseconds kProbeAfter{300};
  static constexpr Milliseconds kProbeEvery{1'000};
  // A probe that has had no answer for so long shows that the proxy hangs.
  static constexpr Milliseconds kProbeWait{500};
  // Only a connection that is opened so long after an endpoint was first refused shows that others are not: what was
  // under way as the proxy began to refuse shows nothing.
  static constexpr Milliseconds kGrace{2'000};
  static constexpr std::size_t kRefusedMax = 1'024;  // endpoints that are remembered
  // An endpoint that was not refused for so long, longer than any wait for a retry, is refused anew.
  static constexpr Milliseconds kForgotten{24 * 3'600'000};

  // The proxy has answered something, or closed a connection by itself.
  void Answered(SteadyTime now);
  void Opened(const std::string& target, SteadyTime now);
  // Notes that it refuses an endpoint. Returns whether it refuses that one, and not all.
  bool Refused(const std::string& target, SteadyTime now);

  // Tells whether to begin a probe for a CONNECT of `asked_at`, and takes it as begun.
  bool TakeProbe(SteadyTime asked_at, SteadyTime now);
  // Tells whether the proxy hangs, and so is why a CONNECT of `asked_at` has had no answer.
  bool Hangs(SteadyTime asked_at, SteadyTime now) const;

 private:
  struct Refusals {
    SteadyTime since, last;
  };

  std::optional<SteadyTime> answered_at_;
  std::optional<SteadyTime> opened_at_;
  std::optional<SteadyTime> probed_at_;
  std::optional<SteadyTime> unanswered_since_;         // the first probe after the newest answer
  std::unordered_map<std::string, Refusals> refused_;  // by endpoint
};

}  // namespace shakehook
