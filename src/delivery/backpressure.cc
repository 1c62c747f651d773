#include "delivery/backpressure.h"

#include <algorithm>
#include <utility>

namespace shakehook {

void Backpressure::OnCommit(SteadyTime posted, SteadyTime now, const Waiting& waiting) {
  std::unordered_map<Tenant, Microseconds> delays;
  if (now - posted >= kLateMin) {
    for (const auto& [tenant, count] : waiting) {
      if (count < kWaitingMin) continue;
      delays[tenant] = kDelayMax * static_cast<std::int64_t>(std::min(count, kWaitingFull)) /
                       static_cast<std::int64_t>(kWaitingFull);
    }
  }
  const bool any = !delays.empty();
  {
    const MutexLock lock(mutex_);
    delays_ = std::move(delays);
  }
  until_us_.store(any ? (now + kHeardFor).time_since_epoch().count() : 0, std::memory_order_relaxed);
}

Microseconds Backpressure::Delay(SteadyTime now, std::optional<Tenant> tenant) const {
  if (now.time_since_epoch().count() >= until_us_.load(std::memory_order_relaxed)) return Microseconds(0);
  const MutexLock lock(mutex_);
  if (tenant) {
    const auto found = delays_.find(*tenant);
    return found == delays_.end() ? Microseconds(0) : found->second;
  }
  Microseconds longest{0};
  for (const auto& [each, delay] : delays_) longest = std::max(longest, delay);
  return longest;
}

}  // namespace shakehook
