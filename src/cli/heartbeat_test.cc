#include "cli/heartbeat.h"

#include <gtest/gtest.h>

#include "testing/simulated_clock.h"

namespace shakehook {
namespace {

TEST(Heartbeat, IsMissingWhileOneLoopStandsStill) {
  SimulatedClock clock;
  Loop first(clock), second(clock);
  Heartbeat heartbeat({&first, &second});
  EXPECT_TRUE(heartbeat.AllBeat()) << "nothing was asked of them yet";
  first.Poll();
  EXPECT_FALSE(heartbeat.AllBeat());
  EXPECT_EQ(first.Poll(), 0U) << "no second task while one waits";
  second.Poll();
  EXPECT_TRUE(heartbeat.AllBeat());
  EXPECT_FALSE(heartbeat.AllBeat());
  first.Poll();
  second.Poll();
  EXPECT_TRUE(heartbeat.AllBeat());
}

}  // namespace
}  // namespace shakehook
