#include "delivery/concurrency_limit.h"

#include <algorithm>

namespace shakehook {
namespace {

constexpr double kGrowth = 0.5;             // a success
constexpr Microseconds kPauseStart{1'000};  // doubles with each further failure

}  // namespace

int ConcurrencyLimit::Get(std::optional<int> max_concurrent) const {
  const int adapted = failures_in_a_row_ >= kDeadAfter ? 1 : static_cast<int>(limit_);
  return max_concurrent ? std::min(adapted, *max_concurrent) : adapted;
}

void ConcurrencyLimit::Succeeded() {
  failures_in_a_row_ = 0;
  not_before_ = {};
  limit_ = std::min<double>(kMax, limit_ + kGrowth);
}

void ConcurrencyLimit::Failed(SteadyTime now) {
  ++failures_in_a_row_;
  limit_ = std::max(1.0, limit_ / 2);
  if (failures_in_a_row_ < kDeadAfter) return;
  const int doublings = std::min(failures_in_a_row_ - kDeadAfter, 10);
  not_before_ = now + std::min(kPauseMax, kPauseStart * (1 << doublings));
}

}  // namespace shakehook
