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

}  // namespace shakehook
