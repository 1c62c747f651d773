// ConcurrencyLimit says how many attempts of one webhook may be under way, and how soon after the last failure the next
// may start. It grows on success, halves on failure, and is 1 with a growing pause while the endpoint looks dead, so
// that no endpoint is overrun and a dead one costs next to nothing (additive increase, multiplicative decrease as in
// Chiu and Jain, 1989).
//
// Pure: a value that is told what happened.
#pragma once

#include <optional>

#include "base/time.h"

namespace shakehook {

class ConcurrencyLimit {
 public:
  static constexpr int kStart = 8;
  static constexpr int kMax = 256;
  // After this many failures in a row an endpoint looks dead.
  static constexpr int kDeadAfter = 5;
  static constexpr Microseconds kPauseMax{1'000'000};

  // `max_concurrent`: the webhook's own setting.
  int Get(std::optional<int> max_concurrent) const;
  // No attempt of the schedule's may start before.
  SteadyTime not_before() const { return not_before_; }

  // Tells whether the last attempt failed.
  bool failing() const { return failures_in_a_row_ > 0; }

  void Succeeded();
  void Failed(SteadyTime now);

 private:
  double limit_ = kStart;
  int failures_in_a_row_ = 0;
  SteadyTime not_before_{};
};

}  // namespace shakehook
