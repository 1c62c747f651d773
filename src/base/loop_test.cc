#include "base/loop.h"

#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>
#include <vector>

#include "testing/simulated_clock.h"

namespace shakehook {
namespace {

void RunUntilIdle(Loop& loop, SimulatedClock& clock) {
  for (;;) {
    while (loop.Poll() > 0) {
    }
    const auto next = loop.NextTimer();
    if (!next) return;
    clock.AdvanceTo(*next);
    loop.RunTimers();
  }
}

Async<> SleepTwice(Loop& loop, std::vector<std::int64_t>* woke) {
  co_await SleepUntil(loop, loop.clock().Steady() + Microseconds(5'000'000));
  woke->push_back(UnixMs(loop.clock().Now()));
  co_await SleepUntil(loop, loop.clock().Steady() + Microseconds(3'600'000'000));
  woke->push_back(UnixMs(loop.clock().Now()));
}

TEST(Loop, WakesSleepersOnVirtualTime) {
  SimulatedClock clock;
  Loop loop(clock);
  std::vector<std::int64_t> woke;
  loop.Spawn(SleepTwice(loop, &woke));
  RunUntilIdle(loop, clock);
  const std::int64_t start = UnixMs(SimulatedClock::kStart);
  EXPECT_EQ(woke, (std::vector<std::int64_t>{start + 5'000, start + 3'605'000}));
}

TEST(Loop, RunsTimersOfOneMomentInTheOrderTheyWereSet) {
  SimulatedClock clock;
  Loop loop(clock);
  std::vector<int> ran;
  const SteadyTime at = clock.Steady() + Microseconds(10);
  for (int i = 0; i < 5; ++i) loop.CallAt(at, [i, &ran] { ran.push_back(i); });
  RunUntilIdle(loop, clock);
  EXPECT_EQ(ran, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST(Loop, DropsACanceledTimer) {
  SimulatedClock clock;
  Loop loop(clock);
  bool ran = false;
  const auto key = loop.CallAt(clock.Steady() + Microseconds(10), [&ran] { ran = true; });
  loop.Cancel(key);
  RunUntilIdle(loop, clock);
  EXPECT_FALSE(ran);
}

TEST(Loop, DestroysACoroutineThatStillWaits) {
  SimulatedClock clock;
  std::vector<std::int64_t> woke;
  {
    Loop loop(clock);
    loop.Spawn(SleepTwice(loop, &woke));
    loop.Poll();
  }
  EXPECT_TRUE(woke.empty());
}

// The one test on the system's clock: that Run() is woken for a timer at all.
TEST(Loop, RunsTimersInProduction) {
  SystemClock clock;
  Loop loop(clock);
  std::vector<int> ran;
  loop.CallAt(clock.Steady() + Microseconds(2'000), [&] {
    ran.push_back(2);
    loop.Stop();
  });
  loop.CallAt(clock.Steady() + Microseconds(1'000), [&] { ran.push_back(1); });
  loop.Run();
  EXPECT_EQ(ran, (std::vector<int>{1, 2}));
}

// The loop is stopped by what came due before the timer in the same turn: the timer's handler is queued already when
// Run returns, and the drain of a server polls the loop afterwards. This was a crash.
TEST(Loop, ATimerThatCameDueAsTheLoopWasStoppedDoesNothingWhenItIsPolled) {
  SystemClock clock;
  Loop loop(clock);
  bool ran = false;
  bool polled = false;
  asio::steady_timer stop(loop.context(), std::chrono::milliseconds(1));
  stop.async_wait([&loop](const boost::system::error_code&) { loop.Stop(); });
  loop.CallAt(clock.Steady() + Microseconds(2'000), [&ran] { ran = true; });
  loop.Post([&clock] {
    const SteadyTime both_due = clock.Steady() + Microseconds(5'000);
    while (clock.Steady() < both_due) {
    }
  });
  loop.Run();
  loop.Post([&polled] { polled = true; });
  while (loop.Poll() > 0) {
  }
  EXPECT_TRUE(polled);
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace shakehook
