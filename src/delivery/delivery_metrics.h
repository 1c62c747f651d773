// The counters of the delivery engine, as /metrics shows them. Each is looked up once: finding a child by its labels
// costs more than counting.
//
// Threads: counting from any thread.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "base/time.h"
#include "store/store.h"

namespace shakehook {

class DeliveryMetrics {
 public:
  explicit DeliveryMetrics(prometheus::Registry& registry);

  void CountAttempt(AttemptResult::Verdict verdict, Microseconds duration);
  // Results that are on disk.
  void CountRecorded(const std::vector<AttemptResult>& results);
  void AttemptStarted() { under_way_.Increment(); }
  // It did not come about.
  void AttemptPostponed() { under_way_.Decrement(); }

 private:
  prometheus::Counter& delivered_;
  prometheus::Counter& retried_;
  prometheus::Counter& failed_;
  prometheus::Counter& recorded_delivered_;
  prometheus::Counter& recorded_failed_;
  prometheus::Gauge& under_way_;
  prometheus::Histogram& duration_;
};

}  // namespace shakehook
