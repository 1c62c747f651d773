#include "net/lookup_turns.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

TEST(LookupTurns, BeginANameOfAnotherTenantBeforeTheManyOfOne) {
  LookupTurns turns;
  for (int i = 0; i < 2000; ++i) ASSERT_TRUE(turns.Add(1, "n" + std::to_string(i)));
  std::size_t begun = 0;
  while (turns.Begin()) ++begun;
  EXPECT_EQ(begun, LookupTurns::kNewOfTenantMax);
  ASSERT_TRUE(turns.Add(2, "healthy"));
  const auto next = turns.Begin();
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(next->name, "healthy");
  EXPECT_FALSE(turns.Begin().has_value());
  turns.Slow(1);
  EXPECT_EQ(turns.Begin()->tenant, 1u);
}

TEST(LookupTurns, LeaveRoomForATenantThatHasNone) {
  LookupTurns turns;
  std::size_t held = 0;
  while (turns.Add(1, "n")) ++held;
  EXPECT_EQ(held, LookupTurns::kHeldMax / 2);
  while (turns.Add(2, "n")) ++held;
  EXPECT_LT(held, LookupTurns::kHeldMax);
  EXPECT_TRUE(turns.Add(3, "n"));
}

TEST(LookupTurns, ForgetATenantWhoseLookupsHaveEnded) {
  LookupTurns turns;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 200; ++i) ASSERT_TRUE(turns.Add(7, "n"));
    for (int i = 0; i < 200; ++i) {
      ASSERT_TRUE(turns.Begin().has_value());
      turns.Slow(7);
      turns.End(7);
    }
    EXPECT_FALSE(turns.HasTurn());
  }
}

}  // namespace
}  // namespace shakehook
