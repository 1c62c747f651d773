// QuotaMeter is a leaky bucket that bounds how much of something is used in a period. The whole quota may be used at
// once; it comes back evenly over the period. Time is an argument.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/time.h"

namespace shakehook {

class QuotaMeter {
 public:
  // Precondition: max > 0.
  QuotaMeter(std::int64_t max, Microseconds period)
      : max_(static_cast<double>(max)), forgotten_per_us_(max_ / static_cast<double>(period.count())) {}

  // Returns nullopt if `amount` more may be used, or if nothing is used yet; otherwise how long to wait for it.
  std::optional<Microseconds> WaitFor(std::int64_t amount, SteadyTime now) {
    Forget(now);
    const double over = used_ + std::min(static_cast<double>(amount), max_) - max_;
    if (over <= 0) return std::nullopt;
    return Microseconds(static_cast<std::int64_t>(over / forgotten_per_us_) + 1);
  }
  // May go beyond what the meter holds, where the amount turns out only afterwards.
  void Use(std::int64_t amount, SteadyTime now) {
    Forget(now);
    used_ += static_cast<double>(amount);
  }
  bool unused(SteadyTime now) {
    Forget(now);
    return used_ == 0;
  }

 private:
  void Forget(SteadyTime now) {
    if (used_ == 0) at_ = now;
    if (now <= at_) return;
    used_ = std::max(0.0, used_ - static_cast<double>((now - at_).count()) * forgotten_per_us_);
    at_ = now;
  }

  double max_;
  double forgotten_per_us_;
  double used_ = 0;
  SteadyTime at_;
};

}  // namespace shakehook
