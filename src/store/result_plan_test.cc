#include "store/result_plan.h"

#include <gtest/gtest.h>

#include <array>

namespace shakehook {
namespace {

using Place = DeliveryPlace;
using Purpose = OwedDelivery::Purpose;
using Step = ResultPlan::Step;
using Verdict = AttemptResult::Verdict;

constexpr std::array kVerdicts = {Verdict::kDelivered, Verdict::kRetry, Verdict::kFailed, Verdict::kGone};
constexpr std::array kPurposes = {Purpose::kDeliver, Purpose::kTest, Purpose::kAgain};
constexpr std::array kPending = {Place::kList, Place::kRow};
constexpr std::array kEnded = {Place::kAgain, Place::kDelivered, Place::kUndelivered};

constexpr ResultPlan kAttemptAlone{.step = Step::kAddLate};

TEST(ResultPlan, PutsOffAPendingDeliveryThatMayBeRetried) {
  for (const Place place : kPending) {
    EXPECT_EQ(PlanResult(place, Verdict::kRetry, Purpose::kDeliver),
              (ResultPlan{.step = Step::kPutOff, .health = Switch::kOn}));
  }
}

TEST(ResultPlan, EndsAPendingDeliveryOtherwise) {
  for (const Place place : kPending) {
    EXPECT_EQ(PlanResult(place, Verdict::kDelivered, Purpose::kDeliver),
              (ResultPlan{.step = Step::kEnd, .becomes = DeliveryStatus::kDelivered, .health = Switch::kOn}));
    for (const Verdict verdict : {Verdict::kFailed, Verdict::kGone}) {
      EXPECT_EQ(PlanResult(place, verdict, Purpose::kDeliver),
                (ResultPlan{.step = Step::kEnd, .becomes = DeliveryStatus::kFailed, .health = Switch::kOn}));
    }
  }
}

TEST(ResultPlan, EndsATestWithItsOneAttemptAndLeavesHealthAlone) {
  for (const Verdict verdict : kVerdicts) {
    const ResultPlan plan = PlanResult(Place::kRow, verdict, Purpose::kTest);
    EXPECT_EQ(plan.step, Step::kEnd);
    EXPECT_EQ(plan.becomes, verdict == Verdict::kDelivered ? DeliveryStatus::kDelivered : DeliveryStatus::kFailed);
    EXPECT_EQ(plan.health, Switch::kOff);
  }
}

TEST(ResultPlan, AddsALateAttemptAndDeliversOnlyWhatWasNot) {
  for (const Place place : kEnded) {
    for (const Verdict verdict : kVerdicts) {
      for (const Purpose purpose : kPurposes) {
        ResultPlan expected = kAttemptAlone;
        if (place == Place::kUndelivered && verdict == Verdict::kDelivered) {
          expected.becomes = DeliveryStatus::kDelivered;
        }
        EXPECT_EQ(PlanResult(place, verdict, purpose), expected);
      }
    }
  }
}

TEST(ResultPlan, StoresNothingOfADeliveryThatIsGone) {
  for (const Verdict verdict : kVerdicts) {
    for (const Purpose purpose : kPurposes) EXPECT_EQ(PlanResult(Place::kGone, verdict, purpose), ResultPlan());
  }
}

}  // namespace
}  // namespace shakehook
