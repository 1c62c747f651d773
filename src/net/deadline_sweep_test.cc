#include "net/deadline_sweep.h"

#include <gtest/gtest.h>

#include <deque>

#include "testing/simulated_clock.h"

namespace shakehook {
namespace {

struct Noted final : Deadline {
  using Deadline::Deadline;
  void OnPassed() override { ++passed; }
  int passed = 0;
};

class DeadlineSweepTest : public testing::Test {
 protected:
  SteadyTime In(int ms) const { return clock_.Steady() + Milliseconds(ms); }
  // Runs every timer of the next `ms`, each at its moment.
  void Advance(int ms) {
    const SteadyTime end = In(ms);
    while (loop_.NextTimer() && *loop_.NextTimer() <= end) {
      clock_.AdvanceTo(*loop_.NextTimer());
      loop_.RunTimers();
      ++timers_run_;
    }
    clock_.AdvanceTo(end);
  }

  SimulatedClock clock_;
  Loop loop_{clock_};
  DeadlineSweep sweep_{loop_};
  int timers_run_ = 0;
};

TEST_F(DeadlineSweepTest, TellsWhatHasPassedOnce) {
  Noted early(In(10)), late(In(20)), later(In(1000));
  sweep_.Add(late);
  sweep_.Add(early);
  sweep_.Add(later);
  Advance(9);
  EXPECT_EQ(early.passed, 0);
  Advance(1);
  EXPECT_EQ(early.passed, 1);
  EXPECT_EQ(late.passed, 0);
  Advance(10);
  EXPECT_EQ(late.passed, 1);
  Advance(2000);
  EXPECT_EQ(early.passed, 1);
  EXPECT_EQ(late.passed, 1);
  EXPECT_EQ(later.passed, 1);
  EXPECT_FALSE(loop_.NextTimer().has_value());
}

TEST_F(DeadlineSweepTest, ForgetsWhatIsDestroyed) {
  {
    Noted gone(In(10));
    sweep_.Add(gone);
  }
  Noted stays(In(10));
  sweep_.Add(stays);
  Advance(10);
  EXPECT_EQ(stays.passed, 1);
}

TEST_F(DeadlineSweepTest, NeedsFewTimersForManyDeadlines) {
  std::deque<Noted> in_flight;
  for (int i = 0; i < 10'000; ++i) {  // a request every millisecond, each done after three
    in_flight.emplace_back(In(5000));
    sweep_.Add(in_flight.back());
    if (in_flight.size() > 3) in_flight.pop_front();
    Advance(1);
  }
  EXPECT_LE(timers_run_, 3);
}

TEST_F(DeadlineSweepTest, MayGoBeforeItsDeadlines) {
  Noted left(In(10));
  {
    DeadlineSweep sweep(loop_);
    sweep.Add(left);
  }
  EXPECT_FALSE(loop_.NextTimer().has_value());
  Advance(20);
  EXPECT_EQ(left.passed, 0);
}

}  // namespace
}  // namespace shakehook
