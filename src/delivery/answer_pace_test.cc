#include "delivery/answer_pace.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

constexpr SteadyTime kNow{Microseconds(1'000'000'000)};
constexpr SteadyTime kInTime = kNow - Microseconds(1'000);
constexpr SteadyTime kLate = kNow - Microseconds(8'000);

TEST(AnswerPace, HoldsNothingBackBeforeItHeardAnything) { EXPECT_EQ(AnswerPace().Delay(kNow), Microseconds(0)); }

TEST(AnswerPace, HoldsNothingBackWhileTheLoopIsOnTimeHoweverMuchASlowEndpointPilesUp) {
  AnswerPace pace;
  pace.Hear(kInTime, kNow, 1'000'000);
  EXPECT_EQ(pace.Delay(kNow), Microseconds(0));
}

TEST(AnswerPace, HoldsNothingBackWhileALateLoopHasLittleToSend) {
  AnswerPace pace;
  pace.Hear(kLate, kNow, AnswerPace::kWaitingMin - 1);
  EXPECT_EQ(pace.Delay(kNow), Microseconds(0));
}

TEST(AnswerPace, HoldsBackTheLongerTheMoreWaits) {
  AnswerPace pace;
  pace.Hear(kLate, kNow, AnswerPace::kWaitingFull / 2);
  EXPECT_EQ(pace.Delay(kNow), AnswerPace::kDelayMax / 2);
  pace.Hear(kLate, kNow, AnswerPace::kWaitingFull * 100);
  EXPECT_EQ(pace.Delay(kNow), AnswerPace::kDelayMax);
}

TEST(AnswerPace, EndsWithTheLoad) {
  AnswerPace pace;
  pace.Hear(kLate, kNow, AnswerPace::kWaitingFull);
  EXPECT_GT(pace.Delay(kNow + AnswerPace::kHeardFor - Microseconds(1)), Microseconds(0));
  EXPECT_EQ(pace.Delay(kNow + AnswerPace::kHeardFor), Microseconds(0));
}

}  // namespace
}  // namespace shakehook
