// RetrySchedule says when a failed delivery is tried again: before retry n (1..retries_max)
// min(base * factor^(n-1), delay_max), plus up to `jitter` of it, counted from the end of the attempt before
// (the seed: "up to 10 times with exponential backoff"; CONTRACT §3 fixes the numbers).
//
// The extended schedule begins as the standard one, goes on to waits of 3 h, and ends after 31 retries: 67 to 74 hours.
#pragma once

#include <optional>
#include <vector>

#include "base/time.h"
#include "model/webhook.h"

namespace shakehook {

// Retry-After lengthens a wait up to this (CONTRACT §3).
inline constexpr Milliseconds kRetryAfterMax{3'600'000};

struct RetrySchedule {
  int retries_max = 10;
  Milliseconds base{10'000};
  double factor = 2.1;
  Milliseconds delay_max{3'600'000};
  double jitter = 0.1;

  // The standard schedule with its further retries. Its first waits and its jitter are those of this one.
  RetrySchedule Extended() const;
  // Returns the schedule of a webhook, where this is the standard one.
  RetrySchedule Of(ScheduleKind kind) const { return kind == ScheduleKind::kExtended ? Extended() : *this; }
  // No wait is longer, Retry-After included.
  Milliseconds WaitMax() const;
  // Returns the delay before each retry, without jitter.
  std::vector<Milliseconds> Waits() const;
  // Returns the delay before retry `n`, counted from 1; nullopt if there is no such retry. `unit` is in [0, 1).
  std::optional<Milliseconds> DelayBefore(int n, double unit) const;
};

}  // namespace shakehook
