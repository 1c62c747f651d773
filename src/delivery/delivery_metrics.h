// The counters of the delivery engine, as /metrics shows them. Each is looked up once: finding a child by its labels
// costs more than counting.
//
// Threads: counting from any thread.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>

#include "base/time.h"
#include "store/store.h"

namespace shakehook {

class DeliveryMetrics {
 public:
  explicit DeliveryMetrics(prometheus::Registry& registry);

  // Counts an attempt that has ended, with its outcome: the class of its status, or why there was no response.
  void CountAttempt(const AttemptResult& result);
  // Results that are on disk.
  void CountRecorded(const std::vector<AttemptResult>& results);
  void AttemptStarted() { under_way_.Increment(); }
  // It did not come about.
  void AttemptPostponed() { under_way_.Decrement(); }

 private:
  static constexpr std::size_t kOutcomes = 16;

  std::array<prometheus::Counter*, kOutcomes> outcomes_{};
  prometheus::Counter& retries_;
  prometheus::Counter& delivered_;
  prometheus::Counter& retried_;
  prometheus::Counter& failed_;
  prometheus::Counter& recorded_delivered_;
  prometheus::Counter& recorded_failed_;
  prometheus::Gauge& under_way_;
  prometheus::Histogram& duration_;
  prometheus::Histogram& delivered_after_;
};

}  // namespace shakehook
