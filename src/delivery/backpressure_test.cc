#include "delivery/backpressure.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

constexpr SteadyTime kNow{Microseconds(1'000'000'000)};
constexpr SteadyTime kInTime = kNow - Microseconds(1'000);
constexpr SteadyTime kLate = kNow - Microseconds(8'000);

constexpr Backpressure::Tenant kTenant = 7, kOther = 8;

TEST(Backpressure, HoldsNothingBackBeforeItHeardAnything) {
  EXPECT_EQ(Backpressure().Delay(kNow, kTenant), Microseconds(0));
}

TEST(Backpressure, HoldsNothingBackWhileTheLoopIsOnTimeHoweverMuchASlowEndpointPilesUp) {
  Backpressure pace;
  pace.OnCommit(kInTime, kNow, {{kTenant, 1'000'000}});
  EXPECT_EQ(pace.Delay(kNow, kTenant), Microseconds(0));
}

TEST(Backpressure, HoldsNothingBackWhileALateLoopHasLittleToSend) {
  Backpressure pace;
  pace.OnCommit(kLate, kNow, {{kTenant, Backpressure::kWaitingMin - 1}});
  EXPECT_EQ(pace.Delay(kNow, kTenant), Microseconds(0));
}

TEST(Backpressure, HoldsBackTheLongerTheMoreWaits) {
  Backpressure pace;
  pace.OnCommit(kLate, kNow, {{kTenant, Backpressure::kWaitingFull / 2}});
  EXPECT_EQ(pace.Delay(kNow, kTenant), Backpressure::kDelayMax / 2);
  pace.OnCommit(kLate, kNow, {{kTenant, Backpressure::kWaitingFull * 100}});
  EXPECT_EQ(pace.Delay(kNow, kTenant), Backpressure::kDelayMax);
}

TEST(Backpressure, HoldsBackWhoPilesUpAndNoOtherTenant) {
  Backpressure pace;
  pace.OnCommit(kLate, kNow, {{kTenant, Backpressure::kWaitingFull}, {kOther, Backpressure::kWaitingMin - 1}});
  EXPECT_EQ(pace.Delay(kNow, kTenant), Backpressure::kDelayMax);
  EXPECT_EQ(pace.Delay(kNow, kOther), Microseconds(0));
  EXPECT_EQ(pace.Delay(kNow, std::nullopt), Backpressure::kDelayMax);
}

TEST(Backpressure, EndsWithTheLoad) {
  Backpressure pace;
  pace.OnCommit(kLate, kNow, {{kTenant, Backpressure::kWaitingFull}});
  EXPECT_GT(pace.Delay(kNow + Backpressure::kHeardFor - Microseconds(1), kTenant), Microseconds(0));
  EXPECT_EQ(pace.Delay(kNow + Backpressure::kHeardFor, kTenant), Microseconds(0));
}

}  // namespace
}  // namespace shakehook
