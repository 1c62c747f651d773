#include "delivery/backpressure.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

constexpr SteadyTime kNow{Microseconds(1'000'000'000)};
constexpr SteadyTime kInTime = kNow - Microseconds(1'000);
constexpr SteadyTime kLate = kNow - Microseconds(8'000);

TEST(Backpressure, HoldsNothingBackBeforeItHeardAnything) { EXPECT_EQ(Backpressure().Delay(kNow), Microseconds(0)); }

TEST(Backpressure, HoldsNothingBackWhileTheLoopIsOnTimeHoweverMuchASlowEndpointPilesUp) {
  Backpressure pace;
  pace.OnCommit(kInTime, kNow, 1'000'000);
  EXPECT_EQ(pace.Delay(kNow), Microseconds(0));
}

TEST(Backpressure, HoldsNothingBackWhileALateLoopHasLittleToSend) {
  Backpressure pace;
  pace.OnCommit(kLate, kNow, Backpressure::kWaitingMin - 1);
  EXPECT_EQ(pace.Delay(kNow), Microseconds(0));
}

TEST(Backpressure, HoldsBackTheLongerTheMoreWaits) {
  Backpressure pace;
  pace.OnCommit(kLate, kNow, Backpressure::kWaitingFull / 2);
  EXPECT_EQ(pace.Delay(kNow), Backpressure::kDelayMax / 2);
  pace.OnCommit(kLate, kNow, Backpressure::kWaitingFull * 100);
  EXPECT_EQ(pace.Delay(kNow), Backpressure::kDelayMax);
}

TEST(Backpressure, EndsWithTheLoad) {
  Backpressure pace;
  pace.OnCommit(kLate, kNow, Backpressure::kWaitingFull);
  EXPECT_GT(pace.Delay(kNow + Backpressure::kHeardFor - Microseconds(1)), Microseconds(0));
  EXPECT_EQ(pace.Delay(kNow + Backpressure::kHeardFor), Microseconds(0));
}

}  // namespace
}  // namespace shakehook
