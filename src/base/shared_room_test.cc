#include "base/shared_room.h"

#include <gtest/gtest.h>

#include <string>

namespace shakehook {
namespace {

constexpr TenantKey kLoud{1};
constexpr TenantKey kQuiet{2};

TEST(SharedRoom, HandsOutTheOldestFirstWhoseverItIs) {
  SharedRoom<std::string> room(3);
  EXPECT_FALSE(room.Add(kLoud, "a"));
  EXPECT_FALSE(room.Add(kQuiet, "b"));
  EXPECT_FALSE(room.Add(kLoud, "c"));
  EXPECT_EQ(room.TakeOldest(), "a");
  EXPECT_EQ(room.TakeOldest(), "b");
  EXPECT_EQ(room.TakeOldest(), "c");
  EXPECT_EQ(room.TakeOldest(), std::nullopt);
}

TEST(SharedRoom, LetsATenantThatHasTheMostPushOutItsOwnOldest) {
  SharedRoom<int> room(10);
  EXPECT_FALSE(room.Add(kQuiet, -1));
  for (int i = 0; i < 9; ++i) EXPECT_FALSE(room.Add(kLoud, i));
  for (int i = 9; i < 100; ++i) EXPECT_EQ(room.Add(kLoud, i), i - 9);
  EXPECT_EQ(room.size(), 10u);
  EXPECT_EQ(room.TakeOldest(), -1);
}

TEST(SharedRoom, GivesAQuietTenantTheSameShareWhenItComesLater) {
  SharedRoom<int> room(10);
  for (int i = 0; i < 10; ++i) room.Add(kLoud, i);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(room.Add(kQuiet, 100 + i), i) << "the loud one makes room";
  for (int i = 10; i < 1'000; ++i) room.Add(kLoud, i);
  int of_quiet = 0;
  while (const auto item = room.TakeOldest()) of_quiet += *item >= 100 && *item < 105 ? 1 : 0;
  EXPECT_GE(of_quiet, 4);
}

TEST(SharedRoom, ForgetsTenantsWithoutItems) {
  SharedRoom<int> room(2);
  for (std::uint64_t tenant = 0; tenant < 1'000; ++tenant) {
    EXPECT_FALSE(room.Add({tenant}, 1));
    EXPECT_EQ(room.TakeOldest(), 1);
  }
  EXPECT_EQ(room.size(), 0u);
}

}  // namespace
}  // namespace shakehook
