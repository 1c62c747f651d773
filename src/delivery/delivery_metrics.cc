#include "delivery/delivery_metrics.h"

#include <algorithm>
#include <string>
#include <string_view>

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
      .Help("Deliveries that have ended, and are stored as ended.")
      .Register(registry);
}

// Five classes of status, two statuses of their own, and the failures without a response, from a timeout on.
constexpr std::array<std::string_view, 7> kStatusOutcomes = {
    "1xx", "2xx", "3xx", "4xx", "5xx", "gone", "too_many_requests"};
constexpr std::size_t kStatusClasses = 5;
constexpr auto kFirstFailure = static_cast<std::size_t>(FailureClass::kTimeout);
constexpr auto kLastFailure = static_cast<std::size_t>(FailureClass::kInternal);

std::string_view NameOfOutcome(std::size_t outcome) {
  if (outcome < kStatusOutcomes.size()) return kStatusOutcomes[outcome];
  return ToString(static_cast<FailureClass>(outcome - kStatusOutcomes.size() + kFirstFailure));
}

std::size_t OutcomeOf(const Attempt& attempt) {
  if (attempt.status_code == 410) return kStatusClasses;
  if (attempt.status_code == 429) return kStatusClasses + 1;
  if (attempt.status_code) return static_cast<std::size_t>(std::clamp(*attempt.status_code / 100, 1, 5) - 1);
  const auto failure = static_cast<std::size_t>(attempt.error.failure);
  return kStatusOutcomes.size() + (failure < kFirstFailure ? kLastFailure : failure) - kFirstFailure;
}

}  // namespace

DeliveryMetrics::DeliveryMetrics(prometheus::Registry& registry)
    : retries_(prometheus::BuildCounter()
                   .Name("shakehook_retries_total")
                   .Help("Attempts that the schedule made after a first one had failed.")
                   .Register(registry)
                   .Add({})),
      delivered_(Attempts(registry).Add({{"result", "delivered"}})),
      retried_(Attempts(registry).Add({{"result", "retry"}})),
      failed_(Attempts(registry).Add({{"result", "failed"}})),
      recorded_delivered_(Deliveries(registry).Add({{"status", "delivered"}})),
      recorded_failed_(Deliveries(registry).Add({{"status", "failed"}})),
      under_way_(prometheus::BuildGauge()
                     .Name("shakehook_attempts_under_way")
                     .Help("HTTP attempts that wait for their response.")
                     .Register(registry)
                     .Add({})),
      duration_(prometheus::BuildHistogram()
                    .Name("shakehook_attempt_seconds")
                    .Help("How long endpoints take to respond.")
                    .Register(registry)
                    .Add({}, prometheus::Histogram::BucketBoundaries{0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
                                                                     2.5, 5})),
      delivered_after_(prometheus::BuildHistogram()
                           .Name("shakehook_delivered_after_seconds")
                           .Help("How long after its event a delivery has arrived, all its attempts included.")
                           .Register(registry)
                           .Add({}, prometheus::Histogram::BucketBoundaries{0.01, 0.05, 0.1, 0.5, 1, 5, 30, 60, 300,
                                                                            1'800, 7'200, 21'600})) {
  auto& outcomes = prometheus::BuildCounter()
                       .Name("shakehook_attempt_outcomes_total")
                       .Help("HTTP attempts by the class of their answer, or by why there was none.")
                       .Register(registry);
  static_assert(kStatusOutcomes.size() + kLastFailure - kFirstFailure + 1 == kOutcomes);
  for (std::size_t i = 0; i < kOutcomes; ++i)
    outcomes_[i] = &outcomes.Add({{"outcome", std::string(NameOfOutcome(i))}});
}

void DeliveryMetrics::CountAttempt(const AttemptResult& result) {
  under_way_.Decrement();
  duration_.Observe(static_cast<double>(result.attempt.duration.count()) / 1e6);
  outcomes_[OutcomeOf(result.attempt)]->Increment();
  if (result.attempt.number > 1 && result.attempt.trigger == AttemptTrigger::kAutomatic) retries_.Increment();
  switch (result.verdict) {
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
    if (result.verdict == AttemptResult::Verdict::kDelivered) {
      recorded_delivered_.Increment();
      const auto after = std::max(Milliseconds(0), result.ended_at - result.created_at);
      delivered_after_.Observe(static_cast<double>(after.count()) / 1e3);
    }
    if (result.verdict == AttemptResult::Verdict::kFailed || result.verdict == AttemptResult::Verdict::kGone) {
      recorded_failed_.Increment();
    }
  }
}

}  // namespace shakehook
