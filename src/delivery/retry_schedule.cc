#include "delivery/retry_schedule.h"

#include <algorithm>
#include <cmath>

namespace shakehook {
namespace {

constexpr int kExtendedRetries = 31;
constexpr Milliseconds kExtendedDelayMax{3 * 3'600'000};

}  // namespace

std::optional<Milliseconds> RetrySchedule::DelayBefore(int n, double unit) const {
  if (n < 1 || n > retries_max) return std::nullopt;
  const double plain = static_cast<double>(base.count()) * std::pow(factor, n - 1);
  const double capped = std::min(plain, static_cast<double>(delay_max.count()));
  return Milliseconds(std::llround(capped * (1 + jitter * unit)));
}

std::vector<Milliseconds> RetrySchedule::Waits() const {
  std::vector<Milliseconds> waits;
  for (int n = 1; n <= retries_max; ++n) waits.push_back(*DelayBefore(n, 0));
  return waits;
}

RetrySchedule RetrySchedule::Extended() const {
  RetrySchedule extended = *this;
  extended.retries_max = std::max(retries_max, kExtendedRetries);
  extended.delay_max = std::max(delay_max, kExtendedDelayMax);
  return extended;
}

Milliseconds RetrySchedule::WaitMax() const {
  const double longest = static_cast<double>(delay_max.count()) * (1 + jitter);
  return std::max(kRetryAfterMax, Milliseconds(std::llround(longest)));
}

}  // namespace shakehook
