// ConcurrencyLimit says how many attempts of one webhook may be under way, and how soon after the last failure the next
// may start. It grows on success, halves on failure, and is 1 with a growing pause while the endpoint looks dead, so
// that no endpoint is overrun and a dead one costs next to nothing (additive increase, multiplicative decrease as in
// Chiu and Jain, 1989).
//
// Beyond kFree it grows only while that brings something. If more attempts at a time only make each take longer, they
// wait in the endpoint, or for a processor of this machine: nothing is delivered sooner, they take memory, and if this
// process is killed all of them come twice. So the time that an attempt takes is compared with the time that it took
// while at most kFree were under way (as TCP Vegas does: Brakmo and Peterson, 1995). An endpoint that has become slower
// for another reason brings the limit down to kFree, where that time is learned again.
//
// Pure: a value that is told what happened.
#pragma once

#include <optional>

#include "base/time.h"

namespace shakehook {

class ConcurrencyLimit {
 public:
  static constexpr int kStart = 8;
  static constexpr int kFree = 32;
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

  // `took`: the attempt's duration; `under_way`: how many were under way at its end, itself included.
  void Succeeded(Microseconds took, int under_way);
  void Failed(SteadyTime now);

 private:
  double limit_ = kStart;
  // Means of the last attempts' durations in microseconds, where at most kFree were under way and in all; 0: none yet.
  double took_free_ = 0;
  double took_ = 0;
  int failures_in_a_row_ = 0;
  SteadyTime not_before_{};
};

}  // namespace shakehook
