#include "delivery/schedule_clock.h"

#include <gtest/gtest.h>

#include "testing/simulated_clock.h"

namespace shakehook {
namespace {

constexpr Milliseconds kSecond{1'000}, kMinute{60'000}, kHour{3'600'000}, kDay{24 * 3'600'000};

class ScheduleClockTest : public testing::Test {
 protected:
  // Runs until the schedule's clock says `due`, by its own word of when that is.
  Microseconds WaitFor(Timestamp due) {
    const SteadyTime began = clock_.Steady();
    for (int i = 0; schedule_.Now() < due; ++i) {
      EXPECT_LT(i, 3) << "its word of when was wrong";
      clock_.AdvanceTo(schedule_.When(due));
      clock_.Advance(Microseconds(1'000));
    }
    return clock_.Steady() - began;
  }

  SimulatedClock clock_;
  ScheduleClock schedule_{clock_, kHour};
};

TEST_F(ScheduleClockTest, IsTheWallClockWhileThatDoesNotJump) {
  for (int i = 0; i < 100; ++i) {
    clock_.Advance(Microseconds(1'234'567));
    EXPECT_LE(clock_.Now() - schedule_.Now(), Milliseconds(1));
    const Microseconds until = schedule_.When(clock_.Now() + kHour) - clock_.Steady();
    EXPECT_LT(until, kHour + Milliseconds(1));
    EXPECT_GT(until, kHour - Milliseconds(1));
  }
}

TEST_F(ScheduleClockTest, RunsOnWhileTheWallClockHasGoneBack) {
  for (const Milliseconds jump : {kHour, kDay}) {
    const Timestamp due = schedule_.Now() + kMinute;
    clock_.JumpWall(-jump);
    const Microseconds waited = WaitFor(due);
    EXPECT_GE(waited, kMinute);
    EXPECT_LE(waited, kMinute + kMinute / 8);
  }
}

TEST_F(ScheduleClockTest, MeetsTheWallClockAgainAfterABackwardJump) {
  clock_.JumpWall(-kHour);
  clock_.Advance(12 * kHour);
  EXPECT_EQ(schedule_.Now(), clock_.Now());
}

TEST_F(ScheduleClockTest, SpreadsAnHoursRetriesOverAMinuteAfterAForwardJump) {
  const Timestamp before = schedule_.Now();
  clock_.JumpWall(kHour);
  EXPECT_LE(schedule_.Now() - before, kSecond);
  const Microseconds waited = WaitFor(before + kHour / 2);
  EXPECT_GE(waited, 29 * kSecond);
  EXPECT_LE(waited, 31 * kSecond);
  clock_.Advance(kMinute);
  EXPECT_EQ(schedule_.Now(), clock_.Now());
}

TEST_F(ScheduleClockTest, CatchesUpWithADayOnceTheLongestWaitIsOver) {
  const Timestamp before = schedule_.Now();
  clock_.JumpWall(kDay);
  EXPECT_LE(WaitFor(before + kHour - kMinute), kMinute);
  EXPECT_LE(WaitFor(before + kDay), 2 * kSecond);
  EXPECT_EQ(schedule_.Now(), clock_.Now());
}

TEST_F(ScheduleClockTest, KeepsTheLengthOfAWaitThatBeginsAfterAJump) {
  for (const Milliseconds jump : {kHour, -kHour, kDay, -kDay}) {
    for (const Milliseconds wait : {10 * kSecond, 10 * kMinute, kHour}) {
      clock_.JumpWall(jump);
      const Microseconds waited = WaitFor(schedule_.After(wait));
      EXPECT_GE(waited, wait);
      EXPECT_LE(waited, wait + Milliseconds(20));
    }
  }
}

TEST_F(ScheduleClockTest, NeverGoesBack) {
  Timestamp last = schedule_.Now();
  for (int i = 0; i < 1'000; ++i) {
    clock_.JumpWall(i % 3 == 0 ? kDay : -kHour * (i % 5));
    clock_.Advance(Microseconds(1 + 997 * i));
    EXPECT_GE(schedule_.Now(), last);
    last = schedule_.Now();
  }
}

TEST_F(ScheduleClockTest, GoesOnFromWhereTheProcessBeforeHadCome) {
  schedule_.Begin(clock_.Now() + kDay);
  const Timestamp due = clock_.Now() + kDay + 10 * kSecond;
  EXPECT_LE(WaitFor(due), 12 * kSecond);
}

}  // namespace
}  // namespace shakehook
