#include "store/result_plan.h"

namespace shakehook {

ResultPlan PlanResult(DeliveryPlace place, AttemptResult::Verdict verdict, OwedDelivery::Purpose purpose) {
  using Step = ResultPlan::Step;
  using Verdict = AttemptResult::Verdict;
  const bool delivered = verdict == Verdict::kDelivered;
  const bool ordinary = purpose == OwedDelivery::Purpose::kDeliver;
  switch (place) {
    case DeliveryPlace::kList:
    case DeliveryPlace::kRow:
      if (verdict == Verdict::kRetry && ordinary) return {.step = Step::kPutOff, .health = Switch::kOn};
      return {.step = Step::kEnd,
              .becomes = delivered ? DeliveryStatus::kDelivered : DeliveryStatus::kFailed,
              .health = ordinary ? Switch::kOn : Switch::kOff};
    case DeliveryPlace::kUndelivered:
      if (delivered) return {.step = Step::kAddLate, .becomes = DeliveryStatus::kDelivered};
      return {.step = Step::kAddLate};
    case DeliveryPlace::kAgain:
    case DeliveryPlace::kDelivered:
      return {.step = Step::kAddLate};
    case DeliveryPlace::kGone:
      break;
  }
  return {};
}

void CountInHealth(const AttemptResult& result, WebhookHealth& health) {
  if (result.verdict == AttemptResult::Verdict::kDelivered) {
    health.consecutive_failures = 0;
    health.failing_since.reset();
    health.last_delivered_at = result.ended_at;
    return;
  }
  ++health.consecutive_failures;
  if (!health.failing_since) health.failing_since = result.ended_at;
  health.last_failed_at = result.ended_at;
}

DeliveryCounts CountsOf(const AttemptResult& result, std::optional<DeliveryStatus> became) {
  return {.delivered = became == DeliveryStatus::kDelivered ? 1 : 0,
          .failed = became == DeliveryStatus::kFailed ? 1 : 0,
          .attempts = 1,
          .failed_attempts = result.verdict == AttemptResult::Verdict::kDelivered ? 0 : 1};
}

std::optional<Microseconds> ResponseTimeOf(const AttemptResult& result) {
  const Attempt& attempt = result.attempt;
  if (!attempt.status_code && attempt.error.failure != FailureClass::kTimeout) return std::nullopt;
  return attempt.duration;
}

}  // namespace shakehook
