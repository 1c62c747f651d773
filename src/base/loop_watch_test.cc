#include "base/loop_watch.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/console.h"
#include "base/log.h"
#include "base/loop.h"

namespace shakehook {
namespace {

constexpr LoopWork kBatch{"POST", "/api/venues/{venue_id}/contacts/batch"};

class LoopWatching : public testing::Test {
 protected:
  // A turn that begins now, and takes so long.
  std::optional<LoopWatch::Report> Turn(Milliseconds took, LoopWork work = {}) {
    watch_.Begin(now_);
    SetLoopWork(work);
    now_ += took;
    return watch_.End(now_);
  }

  LoopWatch watch_{{.kind = "api", .name = "api-0", .usual_work = "connections", .slow = Milliseconds(100)}};
  SteadyTime now_{Milliseconds(5'000)};
};

TEST_F(LoopWatching, TellsASlowTurnWithWhatRan) {
  EXPECT_EQ(Turn(Milliseconds(99), kBatch), std::nullopt);
  const auto report = Turn(Milliseconds(153), kBatch);
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(*report, (LoopWatch::Report{.work = kBatch, .took = Milliseconds(153), .untold = 0}));
  EXPECT_EQ(watch_.TextOf(report->work), "POST /api/venues/{venue_id}/contacts/batch");
  EXPECT_EQ(watch_.slow_turns(), 1u);
}

TEST_F(LoopWatching, NamesTheUsualWorkWhereNothingWasSaid) {
  Turn(Milliseconds(1), kBatch);
  const auto report = Turn(Milliseconds(100));
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(watch_.TextOf(report->work), "connections");
}

TEST_F(LoopWatching, TellsOneSlowTurnInTenSecondsAndCountsTheOthers) {
  EXPECT_TRUE(Turn(Milliseconds(200)).has_value());
  for (int i = 0; i < 40; ++i) EXPECT_EQ(Turn(Milliseconds(200)), std::nullopt);
  now_ += LoopWatch::kReportInterval;
  const auto report = Turn(Milliseconds(200));
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->untold, 40u);
  EXPECT_EQ(watch_.slow_turns(), 42u);
}

TEST_F(LoopWatching, KnowsTheLongestTurn) {
  Turn(Milliseconds(3));
  Turn(Milliseconds(7));
  Turn(Milliseconds(5));
  EXPECT_EQ(watch_.longest(), Milliseconds(7));
  EXPECT_EQ(watch_.slow_turns(), 0u);
}

TEST(LoopWork, IsKeptOverAWait) {
  SystemClock clock;
  Loop loop(clock);
  LoopWork after;
  const auto wait = [](Loop& on, LoopWork& seen) -> Async<> {
    SetLoopWork(kBatch);
    co_await SleepUntil(on, on.clock().Steady());
    seen = CurrentLoopWork();
  };
  loop.Spawn(wait(loop, after));
  loop.Poll();
  SetLoopWork({});
  while (loop.NextTimer()) loop.RunTimers(), loop.Poll();
  EXPECT_EQ(after, kBatch);
}

// The real clock, because the hooks of Asio read it.
TEST(LoopWatch, MeasuresCallbacksTimersAndCoroutinesOfTheRealLoop) {
  SystemClock clock;
  Loop loop(clock);
  loop.Watch({.kind = "api", .name = "api-7", .usual_work = "connections", .slow = Milliseconds(20)});
  const auto hold = [](Clock& time) {
    const SteadyTime until = time.Steady() + Milliseconds(40);
    while (time.Steady() < until) {
    }
  };
  const auto coroutine = [hold](Loop& on) -> Async<> {
    co_await SleepUntil(on, on.clock().Steady() + Milliseconds(1));
    SetLoopWork(kBatch);
    hold(on.clock());
    on.Stop();
  };
  testing::internal::CaptureStderr();
  loop.Post([&] { hold(clock); });
  loop.Post([&] { loop.CallAt(clock.Steady(), [&] { hold(clock), loop.Spawn(coroutine(loop)); }); });
  std::thread([&] { loop.Run(); }).join();
  FlushConsole();
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(loop.watch()->slow_turns(), 3u);
  EXPECT_GE(loop.watch()->longest(), Milliseconds(30));
  EXPECT_NE(log.find("a turn of a loop took too long loop=api-7 what=connections ms="), std::string::npos) << log;
}

}  // namespace
}  // namespace shakehook
