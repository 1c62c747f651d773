#include "delivery/backpressure.h"

#include <algorithm>

namespace shakehook {

void Backpressure::OnCommit(SteadyTime posted, SteadyTime now, std::size_t waiting) {
  Microseconds delay{0};
  if (now - posted >= kLateMin && waiting >= kWaitingMin) {
    delay = kDelayMax * static_cast<std::int64_t>(std::min(waiting, kWaitingFull)) /
            static_cast<std::int64_t>(kWaitingFull);
  }
  delay_us_.store(delay.count(), std::memory_order_relaxed);
  until_us_.store((now + kHeardFor).time_since_epoch().count(), std::memory_order_relaxed);
}

Microseconds Backpressure::Delay(SteadyTime now) const {
  if (now.time_since_epoch().count() >= until_us_.load(std::memory_order_relaxed)) return Microseconds(0);
  return Microseconds(delay_us_.load(std::memory_order_relaxed));
}

}  // namespace shakehook
