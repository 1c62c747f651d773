#include "api/access/sign_in_limit.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

constexpr SteadyTime kStart{Microseconds(0)};

TEST(SignInLimit, CountsFailuresOfAnEmailFromWhereverTheyCome) {
  SignInLimit limit;
  for (int i = 0; i < SignInLimit::kPerEmail; ++i) {
    EXPECT_FALSE(limit.Begin("ada", "10.0.0." + std::to_string(i), kStart));
  }
  EXPECT_EQ(limit.Begin("ada", "10.0.1.1", kStart), SignInLimit::kEmailInterval);
  EXPECT_FALSE(limit.Begin("bob", "10.0.1.1", kStart));
  EXPECT_FALSE(limit.Begin("ada", "10.0.1.1", kStart + SignInLimit::kEmailInterval));
  EXPECT_TRUE(limit.Begin("ada", "10.0.1.1", kStart + SignInLimit::kEmailInterval));
}

TEST(SignInLimit, CountsFailuresOfAnAddressWhomeverTheyName) {
  SignInLimit limit;
  for (int i = 0; i < SignInLimit::kPerAddress; ++i) {
    EXPECT_FALSE(limit.Begin("user" + std::to_string(i), "10.0.0.1", kStart));
  }
  EXPECT_EQ(limit.Begin("another", "10.0.0.1", kStart), SignInLimit::kAddressInterval);
  EXPECT_FALSE(limit.Begin("another", "10.0.0.2", kStart));
}

TEST(SignInLimit, WhatSucceedsIsNotCounted) {
  SignInLimit limit;
  for (int i = 0; i < 1000; ++i) {
    ASSERT_FALSE(limit.Begin("ada", "10.0.0.1", kStart)) << i;
    limit.Succeeded("ada", "10.0.0.1", kStart);
  }
}

TEST(SignInLimit, RemembersABoundedNumber) {
  SignInLimit limit;
  for (int i = 0; i < SignInLimit::kPerEmail; ++i) limit.Begin("ada", "10.0.0.1", kStart);
  for (std::size_t i = 0; i < SignInLimit::kCountedMax + 500; ++i) {
    limit.Begin("user" + std::to_string(i), "address" + std::to_string(i), kStart);
  }
  EXPECT_EQ(limit.counted(), 2 * SignInLimit::kCountedMax);
  EXPECT_TRUE(limit.Begin("ada", "10.0.0.2", kStart));
}

TEST(SignInLimit, StrangersDoNotLockAnybodyOutWhereTheySignedInBefore) {
  SignInLimit limit;
  ASSERT_FALSE(limit.Begin("ada", "10.0.0.1", kStart));
  limit.Succeeded("ada", "10.0.0.1", kStart);
  for (int i = 0; i < 1000; ++i) limit.Begin("ada", "203.0.113." + std::to_string(i), kStart);
  for (int i = 0; i < 1000; ++i) limit.Begin("user" + std::to_string(i), "10.0.0.1", kStart);
  EXPECT_TRUE(limit.Begin("ada", "10.0.0.2", kStart));
  EXPECT_FALSE(limit.Begin("ada", "10.0.0.1", kStart));
}

TEST(SignInLimit, GuessesFromWhereSomebodySignedInBeforeAreSlowedToo) {
  SignInLimit limit;
  limit.Succeeded("ada", "10.0.0.1", kStart);
  for (int i = 0; i < SignInLimit::kPerEmail; ++i) ASSERT_FALSE(limit.Begin("ada", "10.0.0.1", kStart)) << i;
  EXPECT_EQ(limit.Begin("ada", "10.0.0.1", kStart), SignInLimit::kEmailInterval);
}

TEST(SignInLimit, StrangersDoNotKeepWhoIsSignedInFromChangingAPassword) {
  SignInLimit limit;
  for (int i = 0; i < 1000; ++i) limit.Begin("ada", "203.0.113." + std::to_string(i), kStart);
  for (int i = 0; i < SignInLimit::kPerEmail; ++i) ASSERT_FALSE(limit.BeginSignedIn("id of ada", kStart)) << i;
  EXPECT_TRUE(limit.BeginSignedIn("id of ada", kStart));
  EXPECT_FALSE(limit.BeginSignedIn("id of bob", kStart));
}

TEST(SignInLimit, WhatABusyServerDidNotTryIsNotCounted) {
  SignInLimit limit;
  for (int i = 0; i < 1000; ++i) {
    ASSERT_FALSE(limit.Begin("ada", "10.0.0.1", kStart)) << i;
    limit.NotTried("ada", "10.0.0.1");
    ASSERT_FALSE(limit.BeginSignedIn("id of ada", kStart)) << i;
    limit.NotTriedSignedIn("id of ada");
  }
}

TEST(SignInLimit, RemembersABoundedNumberOfAddressesThatSignedIn) {
  SignInLimit limit;
  for (std::size_t i = 0; i < SignInLimit::kCountedMax + 500; ++i) {
    limit.Succeeded("ada", "address" + std::to_string(i), kStart + Microseconds(static_cast<std::int64_t>(i)));
  }
  EXPECT_EQ(limit.counted(), SignInLimit::kCountedMax);
}

}  // namespace
}  // namespace shakehook
