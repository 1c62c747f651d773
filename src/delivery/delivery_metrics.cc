#include "delivery/delivery_metrics.h"

namespace shakehook {
namespace {

prometheus::Family<prometheus::Counter>& Attempts(prometheus::Registry& registry) {
  return prometheus::BuildCounter()
      .Name("shakehook_attempts_total")
      .Help("HTTP attempts by what became of their delivery.")
      .Register(registry);
}

prometheus::Family<prometheus::Counter>& Deliveries(prometheus::Registry& registry) {
  return prometheus::BuildCounter()
      .Name("shakehook_deliveries_total")
      .Help("Deliveries that ended, counted once that is stored.")
      .Register(registry);
}

}  // namespace

DeliveryMetrics::DeliveryMetrics(prometheus::Registry& registry)
    : delivered_(Attempts(registry).Add({{"result", "delivered"}})),
      retried_(Attempts(registry).Add({{"result", "retry"}})),
      failed_(Attempts(registry).Add({{"result", "failed"}})),
      recorded_delivered_(Deliveries(registry).Add({{"status", "delivered"}})),
      recorded_failed_(Deliveries(registry).Add({{"status", "failed"}})),
      under_way_(prometheus::BuildGauge()
                     .Name("shakehook_attempts_under_way")
                     .Help("HTTP attempts that wait for their answer.")
                     .Register(registry)
                     .Add({})),
      duration_(prometheus::BuildHistogram()
                    .Name("shakehook_attempt_seconds")
                    .Help("How long endpoints take to answer.")
                    .Register(registry)
                    .Add({}, prometheus::Histogram::BucketBoundaries{0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
                                                                     2.5, 5})) {}

void DeliveryMetrics::CountAttempt(AttemptResult::Verdict verdict, Microseconds duration) {
  under_way_.Decrement();
  duration_.Observe(static_cast<double>(duration.count()) / 1e6);
  switch (verdict) {
    case AttemptResult::Verdict::kDelivered:
      delivered_.Increment();
      break;
    case AttemptResult::Verdict::kRetry:
      retried_.Increment();
      break;
    case AttemptResult::Verdict::kFailed:
    case AttemptResult::Verdict::kGone:
      failed_.Increment();
      break;
  }
}

void DeliveryMetrics::CountRecorded(const std::vector<AttemptResult>& results) {
  for (const AttemptResult& result : results) {
    if (result.purpose != OwedDelivery::Purpose::kDeliver) continue;
    if (result.verdict == AttemptResult::Verdict::kDelivered) recorded_delivered_.Increment();
    if (result.verdict == AttemptResult::Verdict::kFailed || result.verdict == AttemptResult::Verdict::kGone) {
      recorded_failed_.Increment();
    }
  }
}

}  // namespace shakehook
