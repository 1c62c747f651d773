#include "service/backlog_trend.h"

#include <utility>

namespace shakehook {

std::optional<BacklogTrend::News> BacklogTrend::Look(std::int64_t pending, SteadyTime now) {
  if (grows_ && pending < kPendingMin) {
    grows_ = false;
    steps_ = 0;
    last_ = pending;
    compared_at_ = now;
    return News::kGone;
  }
  if (compared_at_ && now - *compared_at_ < kStep) return std::nullopt;
  const std::int64_t before = std::exchange(last_, pending);
  const bool first = !std::exchange(compared_at_, now);
  if (first) return std::nullopt;
  steps_ = pending > before && pending >= kPendingMin ? steps_ + 1 : 0;
  if (grows_ || steps_ < kStepsMin) return std::nullopt;
  grows_ = true;
  return News::kGrows;
}

}  // namespace shakehook
