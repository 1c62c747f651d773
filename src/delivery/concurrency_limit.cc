#include "delivery/concurrency_limit.h"

#include <algorithm>

namespace shakehook {
namespace {

constexpr double kGrowth = 0.5;             // a success
constexpr double kLonger = 1.5;             // times the duration of an attempt among few: more at a time bring nothing
constexpr double kWeight = 1.0 / 32;        // that one attempt has in a mean
constexpr Microseconds kPauseStart{1'000};  // doubles with each further failure

void Add(double took, double& mean) { mean = mean == 0 ? took : mean + kWeight * (took - mean); }

}  // namespace

int ConcurrencyLimit::Get(std::optional<int> max_concurrent) const {
  const int adapted = failures_in_a_row_ >= kDeadAfter ? 1 : static_cast<int>(limit_);
  return max_concurrent ? std::min(adapted, *max_concurrent) : adapted;
}

void ConcurrencyLimit::Succeeded(Microseconds took, int under_way) {
  failures_in_a_row_ = 0;
  not_before_ = {};
  const auto microseconds = static_cast<double>(std::max<Microseconds::rep>(1, took.count()));
  Add(microseconds, took_);
  if (under_way <= kFree) Add(microseconds, took_free_);
  if (limit_ < kFree) {
    limit_ = std::min<double>(kFree, limit_ + kGrowth);
  } else if (took_free_ > 0 && took_ > kLonger * took_free_) {
    limit_ = std::max<double>(kFree, limit_ - kGrowth);
  } else if (2 * under_way >= static_cast<int>(limit_)) {  // a limit that is not used is not tested
    limit_ = std::min<double>(kMax, limit_ + kGrowth);
  }
}

void ConcurrencyLimit::Failed(SteadyTime now) {
  ++failures_in_a_row_;
  limit_ = std::max(1.0, limit_ / 2);
  if (failures_in_a_row_ < kDeadAfter) return;
  const int doublings = std::min(failures_in_a_row_ - kDeadAfter, 10);
  not_before_ = now + std::min(kPauseMax, kPauseStart * (1 << doublings));
}

}  // namespace shakehook
